package io.mqttrelay.common.record;

import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies in Kafka, without its payload. Whatever somebody wrote into the topic becomes one: what is
 * missing or cannot be read is null.
 *
 * @param id the message's; for a record that has none, where it lay ({@code topic-partition@offset})
 * @param clientId the route that received it
 * @param topic the MQTT topic
 * @param reason null: none that this version knows
 * @param address the callback that did not get it, as {@link io.mqttrelay.common.config.Address#id()}
 * @param attempts 0: none, or it does not say
 * @param status the last answer's HTTP status
 * @param error one line, perhaps empty; somebody else's text
 * @param deadAt epoch milliseconds; the record's own time where it does not say
 * @param receivedAt epoch milliseconds
 * @param origin the record that could not be delivered, {@code topic-partition@offset}
 * @param payloadSize bytes of the message's whole payload, of which a message that Kafka cannot hold keeps the beginning
 */
public record DeadLetterEntry(
        String id,
        @Nullable String appId,
        @Nullable String clientId,
        @Nullable String topic,
        @Nullable DeadReason reason,
        @Nullable String address,
        int attempts,
        @Nullable Integer status,
        String error,
        long deadAt,
        @Nullable Long receivedAt,
        @Nullable String origin,
        long payloadSize) {}
