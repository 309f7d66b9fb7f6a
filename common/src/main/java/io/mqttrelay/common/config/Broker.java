package io.mqttrelay.common.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one MQTT broker (or cluster) and what to agree with it: an entry of {@code mqtt_brokers} without its
 * subscriptions.
 *
 * @param username null: none
 * @param password null: none
 * @param keepAlive seconds, 0..65535
 * @param addresses tried in turn at every connect, never empty
 * @param tls null: plain TCP
 * @param websocketPath null: no WebSocket; never starts with a slash
 * @param sessionExpiry how long the broker keeps the session while ingest is away; zero: a clean session
 * @param receiveMaximum MQTT 5's, 1..65535
 * @param sharedGroup null: an ordinary subscription
 * @param deliverRetained false: messages retained before the subscription are skipped
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
        boolean deliverRetained) {
    public Broker {
        addresses = List.copyOf(addresses);
    }
}
