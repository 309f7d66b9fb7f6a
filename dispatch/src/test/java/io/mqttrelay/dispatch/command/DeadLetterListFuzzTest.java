package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.dispatch.deadletter.DeadLetterListing.Line;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A user that may write to a dead topic must not be able to write to the operator's terminal. */
class DeadLetterListFuzzTest {
    // RANDOMIZED: with many tries jqwik would begin to list all maps, and there is no end of them

    private static final List<String> HEADERS = List.of(
            "relay-id",
            "relay-app-id",
            "relay-client-id",
            "relay-received-at",
            "mqtt-topic",
            "relay-address",
            "relay-attempts",
            "relay-dead-reason",
            "relay-dead-status",
            "relay-dead-error",
            "relay-dead-at",
            "relay-origin",
            "relay-payload-size");

    @Provide
    Arbitrary<byte[]> values() {
        Arbitrary<String> hostile = Arbitraries.of(
                "\u001b[2J\u001b]0;owned\u0007",
                "a\r\nDEAD SINCE  APP",
                "\u202Egnp.exe",
                "\u009b31m",
                "\u2028\u2029\u0085",
                "\u0000",
                "9223372036854775807",
                "-9223372036854775808",
                "1",
                "rejected",
                "http://h:1/a?b=\u001b",
                "x".repeat(5000),
                "\ud83d\ude00".repeat(50));
        return Arbitraries.oneOf(
                hostile.map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.strings().ofMaxLength(30).map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(30));
    }

    @Provide
    Arbitrary<Map<String, byte[]>> records() {
        return Arbitraries.maps(Arbitraries.of(HEADERS), values().injectNull(0.05));
    }

    private static DeadLetterEntry entry(Map<String, byte[]> record, byte[] key) {
        RecordHeaders headers = new RecordHeaders();
        record.forEach(headers::add);
        return new RecordCodec()
                .decodeDead(new ConsumerRecord<>(
                        "t", 0, 1, 0, TimestampType.CREATE_TIME, 0, 0, key, null, headers, Optional.empty()));
    }

    @Property(generation = GenerationMode.RANDOMIZED)
    void everyRecordIsOneLineWithoutControlCharacters(
            @ForAll @Size(max = 3) List<@From("records") Map<String, byte[]>> records,
            @ForAll("values") byte[] key,
            @ForAll @IntRange(max = 200) int columns) {
        List<Line> lines = new ArrayList<>();
        records.forEach(record -> lines.add(new Line("app", entry(record, key))));
        StringWriter printed = new StringWriter();
        DeadLetterList.print(lines, new PrintWriter(printed, true), columns);

        assertThat(printed.toString().lines()).hasSize(lines.isEmpty() ? 1 : lines.size() + 3);
        assertThat(printed.toString().replace("\n", "").codePoints()).noneMatch(DeadLetterListFuzzTest::isHostile);
        for (Line line : lines) {
            assertThat(DeadLetterList.json(line)).startsWith("{").endsWith("}").doesNotContain("\n", "\r", "\u001b");
        }
    }

    private static boolean isHostile(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
