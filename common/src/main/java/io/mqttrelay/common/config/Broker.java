package io.mqttrelay.common.config;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection settings of one MQTT broker (or cluster): an entry of {@code mqtt_brokers} without its
 * subscriptions.
 *
 * @param username null: none
 * @param password null: none
 * @param keepAlive seconds, 0..65535
 * @param addresses tried in turn at every connect, never empty
 * @param tls null: plain TCP
 * @param websocketPath null: no WebSocket; never starts with a slash
 * @param sessionExpiry how long the broker keeps the session while ingest is away; zero: a clean session
 * @param receiveMaximum of MQTT 5, 1..65535
 * @param sharedGroup null: an ordinary subscription
 * @param deliverRetained false: messages retained before the subscription are skipped
 * @param sharedLeave at its stop, a replica leaves the shared group and ends its session
 * @param shown the user name and the path without secrets
 */
public record Broker(
        @Nullable String username,
        @Nullable Secret password,
        int keepAlive,
        List<HostPort> addresses,
        MqttVersion mqttVersion,
        @Nullable TlsSettings tls,
        @Nullable String websocketPath,
        Duration sessionExpiry,
        int receiveMaximum,
        @Nullable String sharedGroup,
        boolean deliverRetained,
        boolean sharedLeave,
        Shown shown) {
    /** Bytes of the longest name of an ingest in a shared group: it is added to the client id. */
    public static final int MAX_INSTANCE = 255;

    /**
     * Settings as people may see them: {@code ***} in place of values of {@code ${env:}} and {@code ${file:}}.
     *
     * @param username null: none
     * @param websocketPath null: no WebSocket; never starts with a slash
     */
    public record Shown(@Nullable String username, @Nullable String websocketPath) {}

    public Broker {
        addresses = List.copyOf(addresses);
    }

    /** A broker without references in its user name and path. */
    public Broker(
            @Nullable String username,
            @Nullable Secret password,
            int keepAlive,
            List<HostPort> addresses,
            MqttVersion mqttVersion,
            @Nullable TlsSettings tls,
            @Nullable String websocketPath,
            Duration sessionExpiry,
            int receiveMaximum,
            @Nullable String sharedGroup,
            boolean deliverRetained,
            boolean sharedLeave) {
        this(
                username,
                password,
                keepAlive,
                addresses,
                mqttVersion,
                tls,
                websocketPath,
                sessionExpiry,
                receiveMaximum,
                sharedGroup,
                deliverRetained,
                sharedLeave,
                new Shown(username, websocketPath));
    }
}
