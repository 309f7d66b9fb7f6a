package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.TopicFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters or messages; null: any.
 *
 * @param status of the last answer
 * @param from time of death, or of arrival; included
 * @param to excluded
 * @param limit largest number, the oldest first
 */
public record Selection(
        @Nullable AddressFilter address,
        @Nullable DeadReason reason,
        @Nullable Integer status,
        @Nullable TopicFilter topic,
        @Nullable String id,
        @Nullable Instant from,
        @Nullable Instant to,
        long limit) {
    /** Selects all. */
    static final Selection ALL = new Selection(null, null, null, null, null, null, null, Long.MAX_VALUE);

    boolean takes(DeadLetterEntry entry) {
        return (address == null || address.matches(entry.address()))
                && (reason == null || reason == entry.reason())
                && (status == null || status.equals(entry.status()))
                && (topic == null || (entry.topic() != null && topic.matches(entry.topic())))
                && (id == null || id.equals(entry.id()))
                && isWithin(entry.deadAt());
    }

    /** Whether a message of history is selected; its addresses are checked one by one. */
    boolean takes(RelayMessage message, long arrivedAt) {
        return (topic == null || topic.matches(message.topic()))
                && (id == null || id.equals(message.id()))
                && isWithin(arrivedAt);
    }

    boolean takesAddress(String addressId) {
        return address == null || address.matches(addressId);
    }

    private boolean isWithin(long epochMillis) {
        return (from == null || epochMillis >= from.toEpochMilli()) && (to == null || epochMillis < to.toEpochMilli());
    }
}
