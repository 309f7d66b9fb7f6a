package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.dispatch.deadletter.ReplayRun.Source;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The subject and the progress of a replay. One thread. */
public final class ReplayReport {
    /** Why a selected entry is not sent again. */
    public enum Skip {
        TOO_LARGE("only the first 64 KB of it were kept"),
        UNDECODABLE("it is not a record that ingest writes, so nobody knows whom it is for"),
        NO_ROUTE("the configuration has no route that received it"),
        NO_ADDRESS("its route no longer has this address"),
        DISABLED("its route is switched off (enabled: false)"),
        EXCLUDED("excludeTopics keeps it from delivery"),
        DOES_NOT_FIT("the replay topic takes no record of its size: raise that topic's max.message.bytes");

        private final String because;

        Skip(String because) {
            this.because = because;
        }

        /** For people. */
        public String because() {
            return because;
        }

        /** For programs. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String appId;
    private final Source source;
    private final boolean dryRun;
    private final Map<String, Map<String, Integer>> deliveries = new TreeMap<>();
    private final Map<Skip, Integer> skipped = new EnumMap<>(Skip.class);
    private String run;
    private long selected;
    private long planned;
    private long sent;
    private long sentBefore;
    private boolean complete;

    public ReplayReport(String appId, Source source, boolean dryRun, String run) {
        this.appId = appId;
        this.source = source;
        this.dryRun = dryRun;
        this.run = run;
    }

    void selected() {
        selected++;
    }

    void skipped(Skip skip) {
        skipped.merge(skip, 1, Integer::sum);
    }

    /** Counts one delivery that is, or would be, sent; {@code reason} of its failure, empty if it did not fail. */
    void planned(String address, String reason) {
        planned++;
        deliveries
                .computeIfAbsent(AddressFilter.shown(address), shown -> new TreeMap<>())
                .merge(reason, 1, Integer::sum);
    }

    void sent(long count) {
        sent += count;
    }

    /** Notes that the run continues one of an earlier process. */
    void continues(String earlierRun, long sentThen) {
        run = earlierRun;
        sentBefore = sentThen;
    }

    void complete() {
        complete = true;
    }

    public boolean isComplete() {
        return complete;
    }

    public String run() {
        return run;
    }

    public long planned() {
        return planned;
    }

    public long sent() {
        return sent;
    }

    public long sentBefore() {
        return sentBefore;
    }

    public long selectedCount() {
        return selected;
    }

    public boolean dryRun() {
        return dryRun;
    }

    public String appId() {
        return appId;
    }

    public Source source() {
        return source;
    }

    public Map<String, Map<String, Integer>> deliveries() {
        return deliveries;
    }

    public Map<Skip, Integer> skips() {
        return skipped;
    }
}
