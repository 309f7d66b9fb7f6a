package io.mqttrelay.dispatch.command;

import io.mqttrelay.dispatch.deadletter.ProgressListener;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** Shows the progress of a long command on a terminal; silent elsewhere. One thread. */
final class ProgressLine implements ProgressListener {
    private static final long EVERY_NANOS = 100_000_000;
    private static final int BAR = 30;
    private static final int TOO_NARROW = 60;
    private static final int PERCENT = 100;

    private final PrintWriter out;
    private final int columns;
    private final LongSupplier nanoTime;
    private long lastShown;
    private int shownWidth;

    /** @param columns of the terminal; 0: it is none */
    ProgressLine(PrintWriter out, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.columns = columns;
        this.nanoTime = nanoTime;
        this.lastShown = nanoTime.getAsLong() - EVERY_NANOS;
    }

    /** Shows the progress, at most ten times a second. */
    @Override
    public void at(String activity, long done, long total) {
        long now = nanoTime.getAsLong();
        if (columns == 0 || now - lastShown < EVERY_NANOS) {
            return;
        }
        lastShown = now;
        long percent = total <= 0 ? PERCENT : Math.min(PERCENT, done * PERCENT / total);
        int filled = (int) (percent * BAR / PERCENT);
        String bar = columns < TOO_NARROW ? "" : "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] ";
        show(activity + " " + bar + percent + "% " + done + "/" + total);
    }

    /** Removes the line from the terminal, before other text is printed. */
    @Override
    public void end() {
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
