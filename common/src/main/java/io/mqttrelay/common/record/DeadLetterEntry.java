package io.mqttrelay.common.record;

import org.jspecify.annotations.Nullable;

/**
 * A dead letter as read from Kafka, without its payload. Any record of the topic can be read as an entry: a missing
 * or unreadable field is null.
 *
 * @param id the message's id; for a record without one, its position ({@code topic-partition@offset})
 * @param clientId the route that received it
 * @param topic the MQTT topic
 * @param reason null: none that this version knows
 * @param address the callback that did not get it, as {@link io.mqttrelay.common.config.destination.Address#id()}
 * @param attempts 0: none, or not known
 * @param status the last answer's HTTP status
 * @param error one line, perhaps empty; text from an external source
 * @param deadAt epoch milliseconds; the record's timestamp if the entry has no time
 * @param receivedAt epoch milliseconds
 * @param origin the record that could not be delivered, {@code topic-partition@offset}
 * @param payloadSize bytes of the message's whole payload; of an oversized payload the entry keeps only the
 *     beginning
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
