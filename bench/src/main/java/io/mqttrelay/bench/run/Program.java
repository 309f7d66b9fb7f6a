package io.mqttrelay.bench.run;

import java.util.List;

/** Something that does a job. */
interface Program {
    /** Starts it; does not wait. */
    List<Service> start(Programs programs, Job job);
}
