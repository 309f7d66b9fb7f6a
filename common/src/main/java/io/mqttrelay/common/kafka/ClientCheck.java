package io.mqttrelay.common.kafka;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Kafka client settings without touching the network. It builds the client configurations, a consumer, the
 * TLS stores and the login. If a client cannot be built, it names the setting without which it can.
 */
public final class ClientCheck implements KafkaCheck {
    /** An address literal, so that there is no DNS lookup. */
    private static final String NOWHERE = "127.0.0.1:9";

    private static final Duration POLL_INTERVAL = Duration.ofMinutes(5);

    @Override
    public List<Finding> findings(KafkaSettings settings) {
        List<Finding> findings = new ArrayList<>(LoginCheck.findings(settings.properties()));
        for (Place place : Place.values()) {
            findings.addAll(TlsStoreCheck.findings(settings, place));
        }
        Finding built = built(settings);
        if (built != null) {
            findings.add(built);
        }
        return findings;
    }

    private static @Nullable Finding built(KafkaSettings settings) {
        String failure = failure(settings);
        if (failure == null) {
            return null;
        }
        for (Place place : List.of(Place.CONSUMER, Place.PRODUCER, Place.PROPERTIES)) {
            for (String name : new TreeMap<>(of(settings, place)).keySet()) {
                if (failure(without(settings, place, name)) == null) {
                    return new Finding(place, name, "no Kafka client works with it: " + failure, true);
                }
            }
        }
        return new Finding(Place.PROPERTIES, null, "no Kafka client can be made: " + failure, true);
    }

    /** The reason why the clients cannot be built; null: they can. TLS and login are checked separately. */
    private static @Nullable String failure(KafkaSettings settings) {
        KafkaClients clients = new KafkaClients(settings, "check");
        try {
            AdminClientConfig admin = new AdminClientConfig(offline(clients.adminConfig("check")));
            atLeast(
                    admin.getInt(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG),
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    admin.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG),
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
            new ProducerConfig(offline(clients.producerConfig("check", Map.of())));
            new ProducerConfig(offline(clients.messageProducerConfig("check", 0)));
            Map<String, Object> member = offline(clients.memberConfig(
                    "check",
                    new KafkaClients.GroupMember("check", CooperativeStickyAssignor.class, Map.of(), POLL_INTERVAL, 1),
                    Integer.MAX_VALUE));
            ConsumerConfig consumer = new ConsumerConfig(member);
            atLeast(
                    consumer.getInt(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                    ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    consumer.getInt(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG) + 1,
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG + " and more");
            new KafkaConsumer<byte[], byte[]>(member).close(CloseOptions.timeout(Duration.ZERO));
            return null;
        } catch (KafkaException | IllegalArgumentException e) {
            return RedactedCause.of(e, settings);
        }
    }

    private static void atLeast(int value, String name, int least, String because) {
        if (value < least) {
            throw new ConfigException(name + " (" + value + ") is less than " + because + " (" + least + ")");
        }
    }

    private static Map<String, Object> offline(Map<String, Object> config) {
        Map<String, Object> offline = new HashMap<>(config);
        offline.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, NOWHERE);
        offline.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
        return offline;
    }

    static Map<String, Secret> of(KafkaSettings settings, Place place) {
        return switch (place) {
            case PROPERTIES -> settings.properties();
            case PRODUCER -> settings.producer();
            case CONSUMER -> settings.consumer();
        };
    }

    private static KafkaSettings without(KafkaSettings settings, Place place, String name) {
        Map<String, Secret> less = new HashMap<>(of(settings, place));
        less.remove(name);
        return new KafkaSettings(
                settings.bootstrapServers(),
                settings.topicPrefix(),
                settings.partitions(),
                settings.replicationFactor(),
                settings.retention(),
                settings.deadLetterRetention(),
                place == Place.PROPERTIES ? less : settings.properties(),
                place == Place.PRODUCER ? less : settings.producer(),
                place == Place.CONSUMER ? less : settings.consumer());
    }
}
