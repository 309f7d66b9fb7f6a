package io.mqttrelay.dispatch.settle;

import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.log.LineLimit;
import io.mqttrelay.common.record.DeadLetter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Logs that messages of an app go to dead letters: the first at once, later ones as a sum. Writer thread. */
final class DeadLetterLog {
    private static final Logger log = LogManager.getLogger(DeadLetterLog.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

    private final String appId;
    private final LineLimit lines;

    DeadLetterLog(String appId, LongSupplier nanoTime) {
        this.appId = appId;
        this.lines = new LineLimit(BETWEEN_LINES, nanoTime);
    }

    void written(DeadLetter letter, @Nullable AddressName address) {
        long count = lines.count();
        if (count == 0) {
            return;
        }
        log.warn(
                "app {}: {} to dead letters; the latest: {}, address {}, {} attempts: {}",
                appId,
                count == 1 ? "a message goes" : count + " messages went",
                letter.reason().text(),
                address == null ? "unknown" : address.display(),
                letter.attempts(),
                letter.error());
    }
}
