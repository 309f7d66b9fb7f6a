package io.mqttrelay.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Screen screen = new Screen(
            new PrintStream(shown, true, UTF_8),
            Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC),
            System.nanoTime());

    @Test
    void aMessageIsOneReadableLine() {
        assertThat(lineFor("from/v1/x", "{\"t\":21.5}".getBytes(UTF_8)))
                .startsWith("03:04:05.678  /api/test  from/v1/x  {\"t\":21.5}");
    }

    @Test
    void onlyTheFirstSaysHowLongItTook() {
        assertThat(lineFor("a", new byte[0])).contains("the first");
        assertThat(lineFor("a", new byte[0])).doesNotContain("the first");
    }

    @Test
    void noDemoCallbackIsAnnouncedWhereThereIsNone() {
        screen.running(List.of(), true);
        assertThat(shown.toString(UTF_8)).contains("arrives at the demo callback");
        shown.reset();
        screen.running(List.of(), false);
        assertThat(shown.toString(UTF_8)).doesNotContain("demo callback");
    }

    @Test
    void noDeviceMovesTheCursor() {
        assertThat(lineFor("a\u001b[2Jb", "x\r\ny\u202ez".getBytes(UTF_8))).contains("a.[2Jb  x..y.z");
    }

    @Test
    void bytesThatAreNoTextAreCounted() {
        assertThat(lineFor("a", new byte[] {(byte) 0xff, 0})).contains("<2 bytes>");
    }

    @Test
    void aLongPayloadIsCut() {
        assertThat(lineFor("a", "y".repeat(5000).getBytes(UTF_8)))
                .hasSizeLessThan(300)
                .contains("yyy...");
    }

    private String lineFor(String topic, byte[] body) {
        shown.reset();
        screen.arrived("/api/test", topic, body);
        String text = shown.toString(UTF_8);
        assertThat(text.lines()).hasSize(1);
        return text;
    }
}
