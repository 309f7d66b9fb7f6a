package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.Reply;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.TopicFilter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code reply}. */
final class ReplySection {
    private static final int MOST_TOPICS = 100;

    private static final Key<List<TopicFilter>> TOPICS = Key.required(
            "topics",
            ListType.of(TextType.of("MQTT topic filter", (text, value) -> filter(text)), 1, MOST_TOPICS),
            "a response topic that none of them matches gets no answer");
    private static final Key<Duration> MAX_AGE = Key.withDefault(
            "max_age",
            DurationType.between("1ms", "1d"),
            Duration.ofMinutes(1),
            "\"1m\"",
            "from the arrival of the message; an older answer is dropped");

    static final Section SECTION = new Section(
            "reply",
            "An answer that was accepted is published with QoS 1 to the response topic of the message (MQTT 5), through the"
                    + " route's broker.",
            List.of(TOPICS, MAX_AGE));

    private ReplySection() {}

    private static TopicFilter filter(String text) throws WrongException {
        try {
            return TopicFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongException(
                    "is not an MQTT topic filter", ": " + Printable.escape(String.valueOf(e.getMessage())));
        }
    }

    /** The settings; null: they are wrong, and that is reported. */
    static @Nullable Reply reply(Fields fields) {
        List<TopicFilter> topics = fields.find(TOPICS);
        return topics == null ? null : new Reply(topics, fields.get(MAX_AGE));
    }
}
