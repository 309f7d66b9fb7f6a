package io.mqttrelay.quickstart;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** The output for the user: stdout, one line at a time. Thread-safe. */
final class Screen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final int MAX_PAYLOAD = 160;

    private final PrintStream out;
    private final Clock clock;
    private final long startedNanos;
    private final AtomicBoolean first = new AtomicBoolean(true);

    /**
     * Creates a screen without output.
     *
     * @param clock in the user's time zone
     * @param startedNanos start of the process, by {@link System#nanoTime}
     */
    Screen(PrintStream out, Clock clock, long startedNanos) {
        this.out = out;
        this.clock = clock;
        this.startedNanos = startedNanos;
    }

    void starting(String version) {
        out.println("mqtt-relay " + version + " quickstart: everything in this process; Ctrl-C ends it");
        out.println();
    }

    /** @param demoCallback whether there is a demo callback, whose requests are shown */
    void running(List<String> overview, boolean demoCallback) {
        overview.forEach(out::println);
        out.println(
                demoCallback
                        ? "What arrives at the demo callback:"
                        : "All callbacks are yours: what arrives there is not shown here.");
    }

    /** Shows a request of the relay: its path, its topic (as in the header) and its body. */
    void arrived(String path, String topic, byte[] body) {
        String line = LocalTime.now(clock).format(TIME) + "  " + path + "  " + printable(topic) + "  " + payload(body);
        boolean isFirst = first.getAndSet(false);
        out.println(isFirst ? line + "   (the first, " + sinceStart() + " s after the start)" : line);
    }

    private String sinceStart() {
        Duration time = Duration.ofNanos(System.nanoTime() - startedNanos);
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }

    void stopped() {
        out.println("stopped");
    }

    private static String payload(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return printable(text.length() <= MAX_PAYLOAD ? text : text.substring(0, MAX_PAYLOAD) + "...");
        } catch (CharacterCodingException e) {
            return "<" + body.length + " bytes>";
        }
    }

    /**
     * Replaces characters that are not printable: devices choose topics and payloads, and must not control the
     * terminal.
     */
    private static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '.'));
        return line.toString();
    }

    private static boolean isPrintable(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.SURROGATE
                && type != Character.UNASSIGNED;
    }
}
