package io.mqttrelay.bench.sizing;

/**
 * The resources for a demand.
 *
 * @param ingests processes of ingest, one MQTT connection each
 * @param ingestLimit the limit that sets this number
 * @param brokers of Kafka, by processors alone
 * @param writtenMegabytesPerSecond to all of Kafka's disks
 * @param storedTerabytesPerDay on all of them
 * @param inFlight calls in flight at a time
 * @param dispatchers processes of dispatch
 * @param dispatchLimit the limit that sets this number
 * @param partitions at least
 * @param processors busy with all of it, without the callback's
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

    /**
     * The measured cost of one message. Micros are of processor time.
     *
     * @param ingestMicros of ingest
     * @param storeMicros of Kafka, to store it from ingest, with one copy
     * @param readMicros of Kafka, to send it to dispatch and to store offset commits
     * @param dispatchMicros of dispatch, for each address
     * @param storedBytes on Kafka's disk, one copy
     * @param connectionPerSecond maximum rate of one MQTT connection
     */
    public record Costs(
            double ingestMicros,
            double storeMicros,
            double readMicros,
            double dispatchMicros,
            double storedBytes,
            double connectionPerSecond) {}

    /**
     * The load and the limits for a sizing plan.
     *
     * @param perSecond messages
     * @param addresses of each message
     * @param callMillis how long a callback takes to answer
     * @param inFlight maximum calls in flight of one dispatcher
     * @param copies of each message in Kafka
     * @param processors of each process
     * @param busy the part of the processors that may be used
     */
    public record Demand(
            double perSecond, int addresses, double callMillis, int inFlight, int copies, int processors, double busy) {

        double callsPerSecond() {
            return perSecond * addresses;
        }

        double usableMicrosPerSecond() {
            return processors * busy * 1e6;
        }
    }

    /** The resource that is exhausted first. */
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

        // another broker fetches and writes a copy, which costs about as much as storing it from ingest
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
                2 * dispatchers, // so that with one dispatcher more or less the shares are still about even
                (rate * costs.ingestMicros() + kafkaMicros + demand.callsPerSecond() * costs.dispatchMicros())
                        / MICROS);
    }

    private static int upwards(double count) {
        return (int) Math.ceil(count);
    }
}
