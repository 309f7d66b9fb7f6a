package io.mqttrelay.dispatch.replay;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.DeadLetterEntry;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.dispatch.replay.DeadLetterTable.Lying;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Sends dead letters again: reads the table, says what it is going to do, and moves the entries. */
final class DeadLetterReplay implements ReplayRun {
    private final ReplayTools tools;
    private final AppRoutes routes;
    private final Selection selection;

    /** An entry that is to be moved, and where to. */
    record Planned(Lying lying, Route route, List<String> addresses) {}

    DeadLetterReplay(ReplayTools tools, AppRoutes routes, Selection selection) {
        this.tools = tools;
        this.routes = routes;
        this.selection = selection;
    }

    @Override
    public void preview(ReplayReport report) throws KafkaFailure, InterruptedException {
        try (TopicReader reader = Readers.open(tools.clients(), tools.stop())) {
            if (plan(reader, report).isPresent()) {
                report.complete();
            }
        }
    }

    @Override
    public void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException {
        String replayTopic = tools.names().replay(routes.appId());
        // the writer first: it ends what an earlier process left open, and only then the table says what is true
        try (ReplayWriter writer = ReplayWriter.open(tools.clients(), replayTopic);
                TopicReader reader = Readers.open(tools.clients(), tools.stop())) {
            Optional<List<Planned>> planned = plan(reader, report);
            if (planned.isEmpty()) {
                return;
            }
            prepared.toSend(report);
            Deliveries deliveries = new Deliveries(tools.codec(), routes.appId(), replayTopic);
            new Mover(tools, reader, writer, report, deliveries).move(planned.get());
        }
    }

    /** Empty: the end was asked for. */
    private Optional<List<Planned>> plan(TopicReader reader, ReplayReport report)
            throws KafkaFailure, InterruptedException {
        DeadLetterTable table = new DeadLetterTable(tools.codec(), reader, tools.progress());
        Optional<List<Lying>> lying = table.read(tools.names().dead(routes.appId()), selection);
        tools.progress().clear();
        return lying.map(entries -> planned(entries, report));
    }

    /** In the order in which they arrived once, as far as ids tell: so they keep it within a lane. */
    private List<Planned> planned(List<Lying> entries, ReplayReport report) {
        List<Planned> planned = new ArrayList<>();
        for (Lying lying : entries) {
            report.selected();
            DeadLetterEntry entry = lying.entry();
            AppRoutes.Destination destination = destination(entry);
            destination.skip().ifPresent(report::skipped);
            destination.route().ifPresent(route -> {
                destination
                        .addresses()
                        .forEach(address -> report.planned(address, DeadLetterList.reason(entry.reason())));
                planned.add(new Planned(lying, route, destination.addresses()));
            });
        }
        planned.sort(Comparator.comparing(each -> each.lying().entry().id()));
        return planned;
    }

    private AppRoutes.Destination destination(DeadLetterEntry entry) {
        if (entry.reason() == DeadReason.TOO_LARGE) {
            return AppRoutes.Destination.none(Skip.TOO_LARGE);
        }
        if (entry.reason() == DeadReason.UNDECODABLE) {
            return AppRoutes.Destination.none(Skip.UNDECODABLE);
        }
        return routes.of(entry.clientId(), entry.address());
    }
}
