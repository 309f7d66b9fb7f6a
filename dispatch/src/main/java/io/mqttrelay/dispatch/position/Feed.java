package io.mqttrelay.dispatch.position;

/** A reason to read a partition again in a catch-up {@link CatchUpScan}: a cursor, or its blocked lanes. Consumer thread. */
interface Feed {
    /** Whether a scan should begin for this feed. */
    boolean isHungry(Admission admission);

    /** Whether a running scan may serve this feed. */
    boolean mayRide(Admission admission);

    /**
     * The first offset to read for this feed.
     *
     * @param next the group consumer's fetch position; returned if there is nothing to read
     */
    long first(long next);

    /** Notes that a scan begins at this offset, and serves this feed. */
    void begins(long position);

    /** Notes that the scan has read everything before this offset. */
    void readUpTo(long offset);

    /** Notes that the scan does not read for this feed any more. */
    void leaves();
}
