package io.mqttrelay.bench.sizing;

/**
 * What a demand needs.
 *
 * @param ingests processes of ingest, one MQTT connection each
 * @param ingestLimit what makes it so many
 * @param brokers of Kafka, by processors alone
 * @param writtenMegabytesPerSecond to all of Kafka's disks
 * @param storedTerabytesPerDay on all of them
 * @param inFlight calls under way at a time
 * @param dispatchers processes of dispatch
 * @param dispatchLimit what makes it so many
 * @param partitions at least
 * @param processors busy with all of it, the callback's not counted
 */
public record Plan(
        int ingests,
        Limit ingestLimit,
        int brokers,
        double writtenMegabytesPerSecond,
        double storedTerabytesPerDay,
        double inFlight,
        int dispatchers,
        Limit dispatchLimit,
        int partitions,
        double processors) {

    private static final double MICROS = 1e6;
    private static final double MEGA = 1e6;
    private static final double TERA = 1e12;
    private static final double SECONDS_A_DAY = 86_400;

    /** What is used up first. */
    public enum Limit {
        PROCESSOR,
        CONNECTION,
        CALLS_IN_FLIGHT
    }

    public static Plan of(Costs costs, Demand demand) {
        double rate = demand.perSecond();
        double usable = demand.usableMicrosPerSecond();

        double ingestByProcessor = rate * costs.ingestMicros() / usable;
        double ingestByConnection = rate / (costs.connectionPerSecond() * demand.busy());

        // a copy is fetched and written by another broker, which costs about what taking it from ingest does
        double kafkaMicros = rate * (costs.storeMicros() * demand.copies() + costs.readMicros());
        double bytes = rate * costs.storedBytes() * demand.copies();

        double inFlight = demand.callsPerSecond() * demand.callMillis() / 1000;
        double dispatchByProcessor = demand.callsPerSecond() * costs.dispatchMicros() / usable;
        double dispatchByCalls = inFlight / (demand.inFlight() * demand.busy());
        int dispatchers = upwards(Math.max(dispatchByProcessor, dispatchByCalls));
        return new Plan(
                upwards(Math.max(ingestByProcessor, ingestByConnection)),
                ingestByProcessor >= ingestByConnection ? Limit.PROCESSOR : Limit.CONNECTION,
                Math.max(demand.copies(), upwards(kafkaMicros / usable)),
                bytes / MEGA,
                bytes * SECONDS_A_DAY / TERA,
                inFlight,
                dispatchers,
                dispatchByProcessor >= dispatchByCalls ? Limit.PROCESSOR : Limit.CALLS_IN_FLIGHT,
                2 * dispatchers, // so that one more or one less shares them out evenly enough
                (rate * costs.ingestMicros() + kafkaMicros + demand.callsPerSecond() * costs.dispatchMicros())
                        / MICROS);
    }

    private static int upwards(double count) {
        return (int) Math.ceil(count);
    }
}
