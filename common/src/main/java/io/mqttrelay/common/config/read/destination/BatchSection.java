package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SizeType;
import java.time.Duration;
import java.util.List;

/** {@code batch}. */
final class BatchSection {
    private static final Key<Integer> MAX_MESSAGES = Key.withDefault(
            "max_messages",
            new IntegerType(1, 10_000),
            100,
            "100",
            "messages in one request, all of one partition of the app's topic");
    private static final Key<Long> MAX_BYTES = Key.withDefault(
            "max_bytes",
            SizeType.between("1KB", "64MB"),
            256L << 10,
            "\"256KB\"",
            "bytes of one request's body, envelopes and JSON's escapes included; a message that alone makes a larger one"
                    + " goes out by itself");
    private static final Key<Duration> LINGER = Key.withDefault(
            "linger",
            DurationType.between("0s", "1m"),
            Duration.ofMillis(20),
            "\"20ms\"",
            "how long a message waits for others; `0s`: it takes along those that wait already");

    private static final Key<Batch.Format> FORMAT = Key.withDefault(
            "format",
            ChoiceType.of(Batch.Format.class),
            Batch.Format.ENVELOPES,
            "\"envelopes\"",
            "`envelopes`: a JSON array of envelopes, with `cloudevents-structured` of events; `array`: a JSON array of the"
                    + " payloads; `lines`: one payload a line (`application/x-ndjson`)");

    static final Section SECTION = new Section(
            "batch",
            "Requests of several messages: the body is as `format` says, also where it holds only one.",
            List.of(MAX_MESSAGES, MAX_BYTES, LINGER, FORMAT));

    private BatchSection() {}

    static Batch batch(Fields fields) {
        return new Batch(fields.get(MAX_MESSAGES), fields.get(MAX_BYTES), fields.get(LINGER), fields.get(FORMAT));
    }
}
