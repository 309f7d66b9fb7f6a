package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.RetryBackoff;
import io.mqttrelay.common.settings.DecimalType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code retry_backoff}. */
final class RetryBackoffSection {
    private static final Key<Duration> INITIAL = Key.withDefault(
            "initial", DurationType.between("1ms", "1h"), Duration.ofSeconds(1), "\"1s\"", "before the first retry");
    private static final Key<Double> MULTIPLIER = Key.withDefault(
            "multiplier", new DecimalType(1, 100), 2.0, "2", "each wait is this many times the one before");
    private static final Key<Duration> MAX = Key.withDefault(
            "max",
            DurationType.between("1ms", "1d"),
            Duration.ofSeconds(60),
            "\"60s\"",
            "no wait is longer; at least `initial`");
    private static final Key<Double> JITTER = Key.withDefault(
            "jitter", new DecimalType(0, 1), 0.2, "0.2", "the share of a wait by which it varies up and down");

    static final Section SECTION =
            new Section("retry_backoff", "The wait between attempts.", List.of(INITIAL, MULTIPLIER, MAX, JITTER));

    private static final RetryBackoff DEFAULT = new RetryBackoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2);

    private RetryBackoffSection() {}

    /** @param fields null: the key is not there, so that the defaults count */
    static RetryBackoff backoff(@Nullable Fields fields) {
        if (fields == null) {
            return DEFAULT;
        }
        RetryBackoff backoff =
                new RetryBackoff(fields.get(INITIAL), fields.get(MULTIPLIER), fields.get(MAX), fields.get(JITTER));
        if (backoff.max().compareTo(backoff.initial()) < 0 && !fields.isWrong(INITIAL) && !fields.isWrong(MAX)) {
            fields.problem(
                    MAX,
                    "must be at least initial (" + DurationType.text(backoff.initial()) + "), was "
                            + DurationType.text(backoff.max()));
        }
        return backoff;
    }
}
