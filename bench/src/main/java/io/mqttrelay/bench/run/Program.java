package io.mqttrelay.bench.run;

import java.util.List;

/** Something that does a job. */
interface Program {
    /** Why it cannot be started here, one line; empty: it can. */
    default String missing(Programs programs) {
        return "";
    }

    /** Starts it; does not wait. */
    List<Service> start(Programs programs, Job job);
}
