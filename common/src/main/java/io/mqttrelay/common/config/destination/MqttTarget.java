package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.config.value.TlsSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker that {@code mqtt://NAME/TOPIC} names: the connection settings of a broker.
 *
 * @param clientId null: the relay makes one
 * @param username null: none
 * @param password null: none
 * @param keepAlive seconds, 0..65535
 * @param addresses tried in turn at every connect, never empty
 * @param tls null: plain TCP
 * @param websocketPath null: no WebSocket; never starts with a slash
 */
public record MqttTarget(
        String name,
        @Nullable String clientId,
        @Nullable String username,
        @Nullable Secret password,
        int keepAlive,
        List<HostPort> addresses,
        MqttVersion mqttVersion,
        @Nullable TlsSettings tls,
        @Nullable String websocketPath)
        implements TargetEntry {
    public MqttTarget {
        addresses = List.copyOf(addresses);
    }

    /** Without the user name, which may be a secret. */
    @Override
    public String toString() {
        return name;
    }
}
