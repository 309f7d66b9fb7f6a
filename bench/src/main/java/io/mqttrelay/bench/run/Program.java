package io.mqttrelay.bench.run;

import java.util.List;

/** A program that does a job. */
interface Program {
    /** The reason why it cannot be started here, one line; empty: it can. */
    default String missing(Programs programs) {
        return "";
    }

    /** Starts the program without waiting for it. */
    List<Service> start(Programs programs, Job job);
}
