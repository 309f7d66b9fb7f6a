package io.mqttrelay.dispatch.command;

import io.mqttrelay.dispatch.deadletter.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a long command in the last line of a terminal: count, rate and time left. Prints nothing
 * elsewhere. One thread.
 */
final class ProgressLine implements ProgressListener {
    private static final long EVERY_NANOS = 100_000_000;
    /** The rate of a shorter time says little. */
    private static final long RATE_AFTER_NANOS = 1_000_000_000;

    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 10;
    private static final int PERCENT = 100;
    private static final int MINUTE = 60;

    private final PrintWriter out;
    private final int columns;
    private final LongSupplier nanoTime;
    private String activity = "";
    private long began;
    private long lastShown;
    private int shownWidth;

    /** @param columns of the terminal; 0: it is none */
    ProgressLine(PrintWriter out, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        this.lastShown = began - EVERY_NANOS;
    }

    /** Shows the progress, at most ten times a second. */
    @Override
    public void at(String current, long done, long total) {
        long now = nanoTime.getAsLong();
        if (!current.equals(activity)) {
            activity = current;
            began = now;
        }
        if (columns == 0 || now - lastShown < EVERY_NANOS) {
            return;
        }
        lastShown = now;
        long percent = total <= 0 ? PERCENT : Math.min(PERCENT, done * PERCENT / total);
        String count = percent + "% " + done + "/" + total + speed(done, total, now - began);
        show(activity + " " + bar(percent, columns - activity.length() - count.length()) + count);
    }

    /** Empty: too little time has passed. */
    private static String speed(long done, long total, long nanos) {
        if (nanos < RATE_AFTER_NANOS || done == 0) {
            return "";
        }
        double perSecond = (double) done * Duration.ofSeconds(1).toNanos() / nanos;
        String rate = perSecond < 1 ? "<1" : Long.toString(Math.round(perSecond));
        return ", " + rate + "/s, " + time((long) Math.ceil((total - done) / perSecond)) + " left";
    }

    private static String time(long seconds) {
        Duration left = Duration.ofSeconds(Math.max(0, seconds));
        if (left.toSeconds() < MINUTE) {
            return left.toSeconds() + "s";
        }
        return left.toMinutes() < MINUTE
                ? left.toMinutes() + "m" + left.toSecondsPart() + "s"
                : left.toHours() + "h" + left.toMinutesPart() + "m";
    }

    /** @param room the columns that the other text leaves */
    private static String bar(long percent, int room) {
        int length = Math.min(LONGEST_BAR, room - "[]".length() - 3); // two spaces, and the last column stays free
        if (length < SHORTEST_BAR) {
            return "";
        }
        int filled = (int) (percent * length / PERCENT);
        return "[" + "#".repeat(filled) + " ".repeat(length - filled) + "] ";
    }

    /** Removes the line from the terminal, before other text is printed. */
    @Override
    public void end() {
        activity = "";
        if (shownWidth > 0) {
            show("");
            out.print('\r');
            out.flush();
        }
    }

    private void show(String line) {
        String cut = line.substring(0, Math.min(line.length(), columns - 1));
        out.print("\r" + cut + " ".repeat(Math.max(0, shownWidth - cut.length())));
        out.flush();
        shownWidth = cut.length();
    }
}
