package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadLetter;
import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes outcomes durable. Any thread. */
public final class Settlement {
    /** Writes dead letters. */
    public interface Store {
        /**
         * Writes one letter. Does not block.
         *
         * @param address null: not known
         * @param stored run once, by any thread, when the letter cannot be lost any more; never if the process ends
         *     before
         */
        void write(
                ConsumerRecord<byte[], byte[]> record,
                String appId,
                @Nullable AddressName address,
                DeadLetter letter,
                Runnable stored);
    }

    private final Store deadLetters;
    private final Clock clock;

    public Settlement(Store deadLetters, Clock clock) {
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /**
     * Makes an outcome durable.
     *
     * @param record the consumed record
     * @param address the callback it was for; null: not known
     * @param durable run once, by any thread, when the outcome cannot be lost any more; perhaps never
     */
    public void settle(
            ConsumerRecord<byte[], byte[]> record,
            String appId,
            @Nullable AddressName address,
            Outcome outcome,
            Runnable durable) {
        Optional<DeadLetter> letter = outcome.match(new Outcome.Cases<Optional<DeadLetter>>() {
            @Override
            public Optional<DeadLetter> delivered(Outcome.Delivered delivered) {
                return Optional.empty();
            }

            @Override
            public Optional<DeadLetter> excluded(Outcome.Excluded excluded) {
                return Optional.empty();
            }

            @Override
            public Optional<DeadLetter> dead(Outcome.Dead dead) {
                return Optional.of(letter(dead, address));
            }
        });
        if (letter.isPresent()) {
            deadLetters.write(record, appId, address, letter.get(), durable);
        } else {
            durable.run();
        }
    }

    private DeadLetter letter(Outcome.Dead dead, @Nullable AddressName address) {
        return new DeadLetter(
                dead.reason(),
                address == null ? null : address.id(),
                dead.attempts(),
                dead.status(),
                dead.error(),
                clock.millis());
    }
}
