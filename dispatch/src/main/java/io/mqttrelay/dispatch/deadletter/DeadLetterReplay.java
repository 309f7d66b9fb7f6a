package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.dispatch.deadletter.AppRoutes.Redelivery;
import io.mqttrelay.dispatch.deadletter.DeadLetterTable.Kind;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Tools;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sends dead letters again: reads the table, reports the plan, and moves the entries. One thread. */
final class DeadLetterReplay implements ReplayRun {
    private final Tools tools;
    private final AppRoutes routes;
    private final Selection selection;
    private final RecordCodec codec = new RecordCodec();

    /**
     * The entries to move, and their addresses.
     *
     * @param entries of the table, in the order in which they first arrived: so they keep it within a lane
     */
    @SuppressWarnings("ArrayRecordComponent") // made and used in one place
    record Planned(DeadLetterTable table, int[] entries, Map<Kind, Redelivery> redeliveries) {
        Redelivery redelivery(int entry) {
            return redeliveries.getOrDefault(table.kind(entry), Redelivery.none(Skip.NO_ROUTE));
        }
    }

    DeadLetterReplay(Tools tools, AppRoutes routes, Selection selection) {
        this.tools = tools;
        this.routes = routes;
        this.selection = selection;
    }

    @Override
    public void preview(ReplayReport report) throws KafkaFailure, InterruptedException {
        try (TopicReader reader = TopicReader.open(tools.clients(), tools.stop());
                DeadLetterTable table = table(reader, false)) {
            if (plan(table, report).isPresent()) {
                report.complete();
            }
        }
    }

    @Override
    public void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException {
        String replayTopic = tools.names().replay(routes.appId());
        // the writer first: it ends a transaction that an earlier process left open; before that, the table may be
        // wrong
        try (ReplayWriter writer = ReplayWriter.open(tools.clients(), replayTopic);
                TopicReader reader = TopicReader.open(tools.clients(), tools.stop());
                DeadLetterTable table = table(reader, true)) {
            Optional<Planned> planned = plan(table, report);
            if (planned.isEmpty()) {
                return;
            }
            tools.ensureTopics(routes.appId());
            prepared.toSend(report);
            Deliveries deliveries = new Deliveries(codec, routes.appId(), replayTopic);
            new Mover(tools, writer, report, deliveries).move(planned.get());
        }
    }

    private DeadLetterTable table(TopicReader reader, boolean withPayloads) {
        return new DeadLetterTable(codec, reader, tools.progress(), withPayloads);
    }

    /** Empty: the user has asked for the end. */
    private Optional<Planned> plan(DeadLetterTable table, ReplayReport report)
            throws KafkaFailure, InterruptedException {
        boolean whole = table.read(routes.appId(), tools.names().dead(routes.appId()), selection);
        tools.progress().end();
        return whole ? Optional.of(planned(table, report)) : Optional.empty();
    }

    private Planned planned(DeadLetterTable table, ReplayReport report) {
        Map<Kind, Redelivery> redeliveries = new HashMap<>();
        int[] selected = table.oldest(selection.limit());
        int[] sent = new int[selected.length];
        int count = 0;
        for (int entry : selected) {
            report.selected();
            Kind kind = table.kind(entry);
            Redelivery redelivery = redeliveries.computeIfAbsent(kind, this::redelivery);
            redelivery.skip().ifPresent(report::skipped);
            if (redelivery.route().isPresent()) {
                redelivery
                        .addresses()
                        .forEach(address -> report.planned(address, DeadLetterListing.reason(kind.reason())));
                sent[count++] = entry;
            }
        }
        int[] entries = Arrays.copyOf(sent, count);
        table.sortByArrival(entries);
        return new Planned(table, entries, redeliveries);
    }

    private Redelivery redelivery(Kind kind) {
        if (kind.reason() == DeadReason.TOO_LARGE) {
            return Redelivery.none(Skip.TOO_LARGE);
        }
        if (kind.reason() == DeadReason.UNDECODABLE) {
            return Redelivery.none(Skip.UNDECODABLE);
        }
        return routes.of(kind.clientId(), kind.address());
    }
}
