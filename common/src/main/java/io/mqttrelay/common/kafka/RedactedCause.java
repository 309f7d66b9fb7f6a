package io.mqttrelay.common.kafka;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.text.RootCause;
import java.util.Collection;
import java.util.List;

/** The innermost message of a Kafka failure, on one line and without secrets. */
final class RedactedCause {
    private static final int LONGEST = 300;
    /** A shorter value, such as a number of milliseconds, also occurs in messages that do not hold the secret. */
    private static final int SHORTEST_SECRET = 6;

    private RedactedCause() {}

    /** @param settings their values are replaced in the message, except those that name a file */
    static String of(Throwable failure, KafkaSettings settings) {
        String message = RootCause.message(failure);
        for (Collection<Secret> values : List.of(
                settings.properties().values(),
                settings.producer().values(),
                settings.consumer().values())) {
            for (Secret value : values) {
                String text = value.reveal();
                if (text.length() >= SHORTEST_SECRET && !text.startsWith("/")) {
                    message = message.replace(text, value.toString());
                }
            }
        }
        String line = message.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
