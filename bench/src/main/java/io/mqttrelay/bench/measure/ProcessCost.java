package io.mqttrelay.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPU time and memory of a process, as counted by Linux.
 *
 * @param cpuMicros of all its threads, in user and kernel mode
 * @param residentBytes resident memory
 */
public record ProcessCost(long cpuMicros, long residentBytes) {
    public static final ProcessCost NONE = new ProcessCost(0, 0);

    private static final long MICROS_PER_TICK = 10_000; // Linux reports ticks of this length on every architecture
    private static final long PAGE = 4096;
    private static final int UTIME = 11; // fields after the name
    private static final int STIME = 12;
    private static final int RSS = 21;

    /** The cost so far; {@link #NONE} if the process has ended. */
    public static ProcessCost of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Parses the text of {@code /proc/<pid>/stat}. */
    static ProcessCost parse(String stat) {
        // the name is in brackets and may hold any character
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        return new ProcessCost(ticks * MICROS_PER_TICK, Long.parseLong(fields[RSS]) * PAGE);
    }

    /** The CPU time since {@code before}, with the present memory. */
    public ProcessCost minus(ProcessCost before) {
        return new ProcessCost(cpuMicros - before.cpuMicros, residentBytes);
    }

    public ProcessCost plus(ProcessCost other) {
        return new ProcessCost(cpuMicros + other.cpuMicros, residentBytes + other.residentBytes);
    }
}
