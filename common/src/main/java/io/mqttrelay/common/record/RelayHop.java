package io.mqttrelay.common.record;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a relay on a message that it publishes to an MQTT broker: the user property {@code relay-hop} with {@code
 * <cluster id>/<topic_prefix>} of its Kafka. Each relay adds its own mark, so that ingest recognizes a message that goes
 * round in a circle.
 *
 * @param text the value of the property
 */
public record RelayHop(String text) {
    private static final String NAME = "relay-hop";

    /** A message with more marks is dropped. */
    static final int MOST = 8;

    /** The mark of the relays whose messages are in one Kafka cluster under one prefix. */
    public static RelayHop of(String clusterId, String topicPrefix) {
        return new RelayHop(clusterId + "/" + topicPrefix);
    }

    /**
     * The mark of a relay that has to wait for the id of its cluster.
     *
     * @param clusterId gives null until it is known, and never another value after that
     * @return gives null until the id is known; any thread
     */
    public static Supplier<@Nullable RelayHop> of(Supplier<@Nullable String> clusterId, String topicPrefix) {
        AtomicReference<@Nullable RelayHop> known = new AtomicReference<>();
        return () -> {
            RelayHop hop = known.get();
            if (hop == null) {
                String id = clusterId.get();
                hop = id == null ? null : of(id, topicPrefix);
                known.set(hop);
            }
            return hop;
        };
    }

    /** The property that carries the mark. */
    public UserProperty property() {
        return new UserProperty(NAME, text);
    }

    /**
     * Whether a message with these properties must not be stored: it has this mark, or too many.
     *
     * @param own null: not known yet
     */
    public static boolean isLoop(List<UserProperty> properties, @Nullable RelayHop own) {
        int hops = 0;
        for (UserProperty property : properties) {
            if (property.name().equals(NAME)) {
                hops++;
                if (own != null && property.value().equals(own.text())) {
                    return true;
                }
            }
        }
        return hops > MOST;
    }
}
