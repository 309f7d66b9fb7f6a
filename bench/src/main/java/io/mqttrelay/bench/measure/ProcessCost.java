package io.mqttrelay.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has cost so far, as Linux counts it.
 *
 * @param cpuMicros of all its threads, in user and kernel mode
 * @param residentBytes its memory that lies in RAM
 */
public record ProcessCost(long cpuMicros, long residentBytes) {
    public static final ProcessCost NONE = new ProcessCost(0, 0);

    private static final long MICROS_PER_TICK = 10_000; // of what Linux tells to programs, on every architecture
    private static final long PAGE = 4096;
    private static final int UTIME = 11; // fields behind the name
    private static final int STIME = 12;
    private static final int RSS = 21;

    /** {@link #NONE} once it has ended. */
    public static ProcessCost of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** The text of {@code /proc/<pid>/stat}. */
    static ProcessCost parse(String stat) {
        // the name stands in brackets and may itself hold any character
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        return new ProcessCost(ticks * MICROS_PER_TICK, Long.parseLong(fields[RSS]) * PAGE);
    }

    /** What came since then; memory is what it is now. */
    public ProcessCost minus(ProcessCost before) {
        return new ProcessCost(cpuMicros - before.cpuMicros, residentBytes);
    }

    public ProcessCost plus(ProcessCost other) {
        return new ProcessCost(cpuMicros + other.cpuMicros, residentBytes + other.residentBytes);
    }
}
