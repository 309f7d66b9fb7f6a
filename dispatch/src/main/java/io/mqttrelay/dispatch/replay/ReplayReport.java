package io.mqttrelay.dispatch.replay;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The subject and the progress of a run of {@code relay replay}. One thread. */
final class ReplayReport {
    private final String appId;
    private final ReplaySource source;
    private final boolean dryRun;
    private final Map<String, Map<String, Integer>> deliveries = new TreeMap<>();
    private final Map<Skip, Integer> skipped = new EnumMap<>(Skip.class);
    private String run;
    private long selected;
    private long planned;
    private long sent;
    private long sentBefore;
    private boolean complete;

    ReplayReport(String appId, ReplaySource source, boolean dryRun, String run) {
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

    boolean isComplete() {
        return complete;
    }

    String run() {
        return run;
    }

    long planned() {
        return planned;
    }

    long sent() {
        return sent;
    }

    long sentBefore() {
        return sentBefore;
    }

    long selectedCount() {
        return selected;
    }

    boolean dryRun() {
        return dryRun;
    }

    String appId() {
        return appId;
    }

    ReplaySource source() {
        return source;
    }

    Map<String, Map<String, Integer>> deliveries() {
        return deliveries;
    }

    Map<Skip, Integer> skips() {
        return skipped;
    }

    /** Returns one JSON object, in one line. */
    String json() {
        @Nullable String shownRun = dryRun ? null : run;
        return JsonLines.object(json -> {
            json.writeStringField("app_id", appId);
            json.writeStringField("source", source.text());
            json.writeBooleanField("dry_run", dryRun);
            json.writeStringField("run", shownRun);
            json.writeNumberField("selected", selected);
            json.writeArrayFieldStart("deliveries");
            for (Map.Entry<String, Map<String, Integer>> address : deliveries.entrySet()) {
                for (Map.Entry<String, Integer> reason : address.getValue().entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("address", address.getKey());
                    json.writeStringField("reason", reason.getKey().isEmpty() ? null : reason.getKey());
                    json.writeNumberField("count", reason.getValue());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("skipped");
            for (Map.Entry<Skip, Integer> skip : skipped.entrySet()) {
                json.writeNumberField(skip.getKey().text(), skip.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("sent", sent);
            json.writeNumberField("sent_before", sentBefore);
            json.writeBooleanField("complete", complete);
        });
    }
}
