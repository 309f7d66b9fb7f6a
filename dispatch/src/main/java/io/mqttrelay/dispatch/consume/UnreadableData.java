package io.mqttrelay.dispatch.consume;

import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.jspecify.annotations.Nullable;

/** Tells from the failure of a poll whether fetched data cannot be read, and in which partition. */
final class UnreadableData {
    private static final String CALLBACK = "User rebalance callback";

    private UnreadableData() {}

    /** Whether Kafka's client found data that it cannot read. The client has no exception type of its own for this. */
    static boolean isReasonOf(RuntimeException failure) {
        if (failure instanceof OffsetOutOfRangeException
                || failure instanceof AuthorizationException
                || failure instanceof InvalidTopicException
                || String.valueOf(failure.getMessage()).startsWith(CALLBACK)) {
            return false;
        }
        return failure.getClass() == KafkaException.class || isThrownByFetch(failure);
    }

    private static boolean isThrownByFetch(RuntimeException failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            String name = frame.getClassName();
            if (name.endsWith(".CompletedFetch") || name.endsWith(".FetchCollector")) {
                return true;
            }
        }
        return false;
    }

    /** The partition that the failure names; empty: none of the given ones. */
    static Optional<TopicPartition> partition(RuntimeException failure, Collection<TopicPartition> assigned) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RecordDeserializationException record) {
                return Optional.of(record.topicPartition());
            }
            TopicPartition named = named(String.valueOf(each.getMessage()), assigned);
            if (named != null) {
                return Optional.of(named);
            }
        }
        return Optional.empty();
    }

    private static @Nullable TopicPartition named(String message, Collection<TopicPartition> assigned) {
        TopicPartition longest = null;
        for (TopicPartition partition : assigned) {
            if (names(message, partition.toString())
                    && (longest == null
                            || partition.toString().length()
                                    > longest.toString().length())) {
                longest = partition;
            }
        }
        return longest;
    }

    private static boolean names(String message, String partition) {
        for (int at = message.indexOf(partition); at >= 0; at = message.indexOf(partition, at + 1)) {
            if (isOutsideName(message, at - 1, -1) && isOutsideName(message, at + partition.length(), 1)) {
                return true;
            }
        }
        return false;
    }

    /** A full stop ends a sentence if no character of a topic name follows. */
    private static boolean isOutsideName(String message, int at, int onward) {
        if (at < 0 || at >= message.length() || !isOfName(message.charAt(at))) {
            return true;
        }
        return onward > 0
                && message.charAt(at) == '.'
                && (at + 1 == message.length() || !isOfName(message.charAt(at + 1)));
    }

    private static boolean isOfName(char letter) {
        return Character.isLetterOrDigit(letter) || letter == '.' || letter == '_' || letter == '-';
    }
}
