package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimated sizes of messages bound the body of their batch. */
class BatchSizeTest {
    @Test
    void estimatedSizeIsCloseForOrdinaryMessages() {
        String payload = "{\"device\":\"press-7\",\"temperature\":21.5,\"unit\":\"C\"}";
        assertThat(slack(List.of(Samples.message(payload), Samples.message(payload))))
                .isBetween(0L, 200L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x0A, 0x1F, '"', '\\', 'a', '{', 0x7F, 0x80, 0xC3, 0xFF})
    void aLargePayloadOfTheByteThatGrowsMostIsNotLarger(int b) {
        byte[] payload = new byte[1000];
        Arrays.fill(payload, (byte) b);
        assertThat(slack(List.of(Samples.message(payload)))).isBetween(0L, 200L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001", "\n", "\"", "\\", "é", "€", "😀", "\u2028"})
    void aLongTextOfTheCharacterThatGrowsMostIsNotLarger(String character) {
        String text = character.repeat(1000);
        List<UserProperty> properties = Collections.nCopies(100, new UserProperty(character, text));
        assertThat(slack(List.of(Samples.message(text, text, properties, new byte[0]))))
                .isNotNegative();
    }

    @Property
    void aBodyIsNeverLargerThanItsEstimatedSize(
            @ForAll @Size(max = 4) List<byte[]> payloads,
            @ForAll @Size(max = 4) List<String> texts,
            @ForAll String topic) {
        List<RelayMessage> messages = new ArrayList<>();
        payloads.forEach(payload -> messages.add(Samples.message(utf8(topic), null, List.of(), payload)));
        for (String text : texts) {
            String valid = utf8(text);
            List<UserProperty> properties = List.of(new UserProperty(valid, utf8(topic)), new UserProperty("", valid));
            messages.add(Samples.message(valid, "t", valid, properties, valid.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(slack(messages)).isNotNegative();
    }

    /** The difference between the sum of its messages and a batch of envelopes; that of no format is negative. */
    private static long slack(List<RelayMessage> messages) {
        SeveralFormat envelopes = new EnvelopeBatch(new EnvelopeFormat("App \u0001 \"one\""));
        for (SeveralFormat other : List.of(new ArrayBatch(), new LinesBatch(), new EventBatch())) {
            assertThat(slack(other, messages))
                    .as(other.getClass().getSimpleName())
                    .isNotNegative();
        }
        return slack(envelopes, messages);
    }

    private static long slack(SeveralFormat format, List<RelayMessage> messages) {
        long sum = messages.stream().mapToLong(format::batchBytes).sum();
        return messages.isEmpty() ? 0 : sum - format.content(messages).bytes().length;
    }

    /** Returns the text as it comes off the wire: without unpaired surrogates. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
