package io.mqttrelay.dispatch.deadletter;

import java.util.Optional;

/**
 * The progress of a history replay in one partition: the metadata of its committed offset.
 *
 * @param run its id
 * @param end the offset after the last one to replay
 * @param messages sent again so far
 * @param deliveries of these messages
 * @param done whether the run has reached its end, in all partitions
 */
record HistoryMark(String run, long end, long messages, long deliveries, boolean done) {
    private static final String VERSION = "1";
    private static final String DONE = "done";
    private static final String OPEN = "open";
    private static final int FIELDS = 6;

    String text() {
        return String.join(
                " ",
                VERSION,
                run,
                Long.toString(end),
                Long.toString(messages),
                Long.toString(deliveries),
                done ? DONE : OPEN);
    }

    /** Empty: not written by this version. */
    static Optional<HistoryMark> of(String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new HistoryMark(
                    fields[1],
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[4]),
                    fields[5].equals(DONE)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
