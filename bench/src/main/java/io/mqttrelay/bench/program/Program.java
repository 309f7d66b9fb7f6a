package io.mqttrelay.bench.program;

import java.util.List;

/** A program that does a job. */
public interface Program {
    /** The reason why it cannot be started here, one line; empty: it can. */
    public default String missing(Programs programs) {
        return "";
    }

    /** Starts the program without waiting for it. */
    List<Service> start(Programs programs, Job job);
}
