package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the broker of an entry of {@code mqtt_brokers}, and the routes over it. */
final class BrokerReader {
    private BrokerReader() {}

    /**
     * Reads the routes over this broker and reports their problems.
     *
     * @param clientId null: it is wrong and was reported
     */
    static List<Route> routes(Fields fields, @Nullable String clientId, RouteReader routes) {
        Broker broker = broker(fields);
        List<Fields> entries = fields.find(BrokerSection.SUB_DEAL_CONFIG);
        if (entries == null) {
            return List.of();
        }
        List<Route> read = new ArrayList<>();
        for (Fields entry : entries) {
            Route route = routes.route(entry, broker, clientId, entries.size() > 1);
            if (broker.sharedGroup() != null) {
                checkFilters(entry, broker.sharedGroup());
            }
            if (route != null) {
                checkClientId(route, entry);
                read.add(route);
            }
        }
        return read;
    }

    /** Checks the length of the filters as they are sent to the broker: {@code $share/group/filter}. */
    private static void checkFilters(Fields route, String group) {
        for (Fields entry : RouteReader.listOrNone(route.find(RouteSection.SUB_TOPIC))) {
            String sent = "$share/" + group + "/" + entry.find(RouteSection.TOPIC);
            if (sent.getBytes(StandardCharsets.UTF_8).length > BrokerSection.MAX_MQTT_STRING) {
                entry.problem(RouteSection.TOPIC, "is too long: with shared_group it has more than 65535 bytes");
            }
        }
    }

    /** With a shared group, the instance of the process is added to the client id. */
    private static void checkClientId(Route route, Fields fields) {
        int most = BrokerSection.MAX_MQTT_STRING - (route.broker().sharedGroup() == null ? 0 : Broker.MAX_INSTANCE + 1);
        if (route.name().getBytes(StandardCharsets.UTF_8).length > most) {
            fields.problem(RouteSection.APP_ID, "makes a client id of more than " + most + " bytes");
        }
    }

    private static Broker broker(Fields fields) {
        List<HostPort> addresses = addresses(fields);
        TlsSettings tls = fields.get(BrokerSection.TLS).settings();
        Broker broker = new Broker(
                emptyToNull(fields.find(BrokerSection.USERNAME)),
                password(fields),
                fields.get(BrokerSection.ALIVE),
                addresses,
                fields.get(BrokerSection.MQTT_VERSION),
                tls,
                fields.find(BrokerSection.WEBSOCKET_PATH),
                sessionExpiry(fields),
                fields.get(BrokerSection.RECEIVE_MAXIMUM),
                fields.find(BrokerSection.SHARED_GROUP),
                fields.get(BrokerSection.RETAINED),
                fields.get(BrokerSection.SHARED_LEAVE),
                new Broker.Shown(
                        shown(fields, BrokerSection.USERNAME),
                        withoutSlash(shown(fields, BrokerSection.WEBSOCKET_PATH))));
        warn(fields, broker);
        return broker;
    }

    static @Nullable String emptyToNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** The value with {@code ***} in place of values of references; null: there is no value. */
    static @Nullable String shown(Fields fields, Key<String> key) {
        Value written = fields.find(key) == null ? null : fields.written(key);
        Value.Filled filled = written == null ? null : written.filled();
        return filled == null ? null : emptyToNull(filled.shown());
    }

    private static @Nullable String withoutSlash(@Nullable String path) {
        return path != null && path.startsWith("/") ? path.substring(1) : path;
    }

    static @Nullable Secret password(Fields fields) {
        Secret password = fields.find(BrokerSection.PASSWORD);
        if (password == null || password.reveal().isEmpty()) {
            return null;
        }
        if (emptyToNull(fields.find(BrokerSection.USERNAME)) == null
                && !fields.isWrong(BrokerSection.USERNAME)
                && fields.get(BrokerSection.MQTT_VERSION) == MqttVersion.V3_1_1) {
            fields.problem(BrokerSection.PASSWORD, "needs a username beside it: MQTT 3.1.1 has no password alone");
        }
        return password;
    }

    static List<HostPort> addresses(Fields fields) {
        if (fields.has(BrokerSection.BROKER_ADDRESSES)) {
            for (Key<?> instead : List.of(BrokerSection.BROKER_IP, BrokerSection.BROKER_PORT)) {
                if (fields.has(instead)) {
                    fields.problem(instead, "must not be given beside broker_addresses");
                }
            }
            List<HostPort> addresses = fields.find(BrokerSection.BROKER_ADDRESSES);
            return addresses == null ? List.of() : addresses.stream().distinct().toList();
        }
        if (!fields.has(BrokerSection.BROKER_IP)) {
            fields.problem(BrokerSection.BROKER_IP, "is required (or broker_addresses)");
        }
        String host = fields.find(BrokerSection.BROKER_IP);
        return host == null ? List.of() : List.of(new HostPort(host, fields.get(BrokerSection.BROKER_PORT)));
    }

    private static Duration sessionExpiry(Fields fields) {
        Duration expiry = fields.get(BrokerSection.SESSION_EXPIRY);
        if (expiry.toMillisPart() != 0) {
            fields.problem(BrokerSection.SESSION_EXPIRY, "must be whole seconds: MQTT counts in them");
        } else if (expiry.isZero()) {
            fields.warn(
                    BrokerSection.SESSION_EXPIRY, "a clean session: messages published while ingest is away are lost");
        }
        return expiry;
    }

    private static void warnOfVersion5Only(Fields fields) {
        if (fields.has(BrokerSection.RECEIVE_MAXIMUM)) {
            fields.warn(BrokerSection.RECEIVE_MAXIMUM, "has no effect with MQTT 3.1.1, which does not know it");
        }
        if (fields.has(BrokerSection.SESSION_EXPIRY)
                && !fields.get(BrokerSection.SESSION_EXPIRY).isZero()) {
            fields.warn(
                    BrokerSection.SESSION_EXPIRY,
                    "MQTT 3.1.1 does not know it: the broker's own settings say how long it keeps the session");
        }
        if (fields.get(BrokerSection.SHARED_LEAVE)) {
            fields.warn(
                    BrokerSection.SHARED_LEAVE,
                    "MQTT 3.1.1 cannot end the session: the broker keeps it, without subscriptions");
        }
    }

    private static void warn(Fields fields, Broker broker) {
        if (broker.receiveMaximum() < BrokerSection.MAX_MQTT_STRING && broker.mqttVersion() == MqttVersion.V5) {
            fields.warn(
                    BrokerSection.RECEIVE_MAXIMUM,
                    "below 65535 some brokers stall for good on a backlog (Mosquitto 2.0.11); bound memory with"
                            + " ingest.max_unacked instead");
        }
        if (broker.mqttVersion() == MqttVersion.V3_1_1) {
            warnOfVersion5Only(fields);
        }
        boolean away = broker.addresses().stream().anyMatch(address -> !Hosts.isLoopback(address.host()));
        if (broker.password() != null && broker.tls() == null && away) {
            fields.warn(BrokerSection.PASSWORD, "crosses the network in clear: switch tls on");
        }
        if (broker.tls() != null && fields.has(BrokerSection.BROKER_IP) && !fields.has(BrokerSection.BROKER_PORT)) {
            fields.warn(
                    BrokerSection.TLS,
                    "the port is " + BrokerSection.MQTT_PORT + " (the default); brokers mostly speak TLS on 8883");
        }
        if (broker.sharedGroup() == null && broker.sharedLeave()) {
            fields.warn(BrokerSection.SHARED_LEAVE, "has no effect without shared_group");
        }
        if (broker.sharedGroup() != null && broker.mqttVersion() == MqttVersion.V3_1_1) {
            fields.warn(
                    BrokerSection.SHARED_GROUP,
                    "MQTT 3.1.1 knows no shared subscriptions; not every broker offers them there");
        }
    }
}
