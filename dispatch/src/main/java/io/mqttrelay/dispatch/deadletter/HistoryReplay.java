package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RecordSize;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.dispatch.deadletter.AppRoutes.Redelivery;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Tools;
import io.mqttrelay.dispatch.deadletter.TopicReader.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends a range of an app's messages again, delivered or not, to the addresses that the configuration has now. The same
 * options continue an interrupted run; a completed one starts again. One thread.
 */
final class HistoryReplay implements ReplayRun {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LARGEST_STEP_BYTES = 4L * 1024 * 1024;

    private final Tools tools;
    private final AppRoutes routes;
    private final Selection selection;
    private final String group;
    private final Deliveries deliveries;
    private final String replayTopic;

    /** @param options as they were typed: they identify an interrupted run */
    HistoryReplay(Tools tools, AppRoutes routes, Selection selection, String options) {
        this.tools = tools;
        this.routes = routes;
        this.selection = selection;
        this.replayTopic = tools.names().replay(routes.appId());
        this.group = HistoryPosition.group(replayTopic, options);
        this.deliveries = new Deliveries(new RecordCodec(), routes.appId(), replayTopic);
    }

    @Override
    public void preview(ReplayReport report) throws KafkaFailure, InterruptedException {
        try (TopicReader reader = TopicReader.ofGroup(tools.clients(), group, tools.stop())) {
            HistoryPosition position = position(reader, report);
            new Sender(reader, position, report, Optional.empty()).send();
        }
    }

    @Override
    public void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException {
        // the writer first: it ends a transaction that an earlier process left open; before that, the position is not
        // known
        try (ReplayWriter writer = ReplayWriter.open(tools.clients(), replayTopic);
                TopicReader reader = TopicReader.ofGroup(tools.clients(), group, tools.stop())) {
            HistoryPosition position = position(reader, report);
            tools.ensureTopics(routes.appId());
            prepared.toSend(report);
            new Sender(reader, position, report, Optional.of(writer)).send();
            if (report.isComplete()) {
                forgetGroup();
            }
        }
    }

    /**
     * Deletes the run's group. This only tidies up: the group's offsets say already that the run is done, and Kafka
     * forgets them after a week.
     */
    private void forgetGroup() throws InterruptedException {
        try (Admin admin = tools.clients().admin("history")) {
            admin.deleteConsumerGroups(List.of(group)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return;
        }
    }

    private HistoryPosition position(TopicReader reader, ReplayReport report)
            throws KafkaFailure, InterruptedException {
        Map<TopicPartition, Range> whole = reader.whole(tools.names().messages(routes.appId()));
        Optional<HistoryPosition> earlier = HistoryPosition.find(reader.committed(whole.keySet()));
        earlier.ifPresent(found -> report.continues(found.run(), found.deliveries()));
        return earlier.isPresent() ? earlier.get() : HistoryPosition.begin(report.run(), ranges(reader, whole));
    }

    /** Finds the ranges by the times at which Kafka got the messages. */
    private Map<TopicPartition, Range> ranges(TopicReader reader, Map<TopicPartition, Range> whole)
            throws KafkaFailure {
        Map<TopicPartition, Long> begins = offsetsAt(reader, whole, selection.from());
        Map<TopicPartition, Long> ends = offsetsAt(reader, whole, selection.to());
        Map<TopicPartition, Range> ranges = new HashMap<>();
        whole.forEach((partition, all) -> {
            long end = Math.min(all.to(), ends.getOrDefault(partition, all.to()));
            ranges.put(partition, new Range(Math.min(begins.getOrDefault(partition, end), end), end));
        });
        return ranges;
    }

    private static Map<TopicPartition, Long> offsetsAt(
            TopicReader reader, Map<TopicPartition, Range> whole, @Nullable Instant moment) throws KafkaFailure {
        return moment == null ? Map.of() : reader.offsetsAt(whole.keySet(), moment.toEpochMilli());
    }

    /** Reads the ranges, and sends the selected messages, one transaction after another. */
    private final class Sender {
        private final HistoryPosition position;
        private final ReplayReport report;
        private final Optional<ReplayWriter> writer;
        private final TopicReader reader;
        private final long before;
        private final List<ProducerRecord<byte[], byte[]>> waiting = new ArrayList<>();
        private long waitingBytes;

        /** @param writer empty: nothing is sent, only counted */
        Sender(TopicReader reader, HistoryPosition position, ReplayReport report, Optional<ReplayWriter> writer) {
            this.reader = reader;
            this.position = position;
            this.report = report;
            this.writer = writer;
            this.before = position.messages();
        }

        void send() throws KafkaFailure, InterruptedException {
            write(false); // from here on, the same options continue this run
            boolean whole = before >= selection.limit()
                    || reader.read(position.left(), this::tick, this::visit)
                    || report.selectedCount() + before >= selection.limit();
            tools.progress().end();
            if (whole) {
                write(true);
                report.complete();
            }
        }

        private void tick(long done, long total) {
            tools.progress().at(writer.isPresent() ? "sending" : "reading", done, total);
        }

        private boolean visit(ConsumerRecord<byte[], byte[]> record) throws KafkaFailure, InterruptedException {
            int messages = 0;
            int copies = 0;
            Optional<RelayMessage> message = deliveries.message(record);
            if (message.isEmpty()) {
                report.skipped(Skip.UNDECODABLE);
            } else if (selection.takes(message.get(), record.timestamp())) {
                copies = take(record, message.get());
                messages = copies > 0 ? 1 : 0;
            }
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            position.passed(partition, record.offset() + 1, messages, copies);
            if (waiting.size() >= tools.rate().step() || waitingBytes >= LARGEST_STEP_BYTES) {
                write(false);
                return !tools.stop().isRequested() && report.selectedCount() + before < selection.limit();
            }
            return report.selectedCount() + before < selection.limit();
        }

        /** Returns the number of deliveries of the message. */
        private int take(ConsumerRecord<byte[], byte[]> record, RelayMessage message) {
            Redelivery redelivery = routes.of(message.clientId(), null);
            List<String> addresses = redelivery.addresses().stream()
                    .filter(selection::takesAddress)
                    .toList();
            if (redelivery.skip().isEmpty() && addresses.isEmpty()) {
                return 0;
            }
            Optional<Skip> skip = redelivery.skip().or(() -> excluded(redelivery, message));
            if (skip.isPresent()) {
                report.skipped(skip.get());
                return 0;
            }
            report.selected();
            Route route = redelivery.route().orElseThrow();
            addresses.forEach(address -> report.planned(address, ""));
            List<ProducerRecord<byte[], byte[]>> made = deliveries.of(record, route, addresses, report);
            waiting.addAll(made);
            waitingBytes += made.stream().mapToLong(RecordSize::atMost).sum();
            return addresses.size();
        }

        private Optional<Skip> excluded(Redelivery redelivery, RelayMessage message) {
            List<ExcludeRule> rules = redelivery.route().map(Route::excludes).orElse(List.of());
            return rules.stream().anyMatch(rule -> rule.matches(message.topic()))
                    ? Optional.of(Skip.EXCLUDED)
                    : Optional.empty();
        }

        private void write(boolean done) throws KafkaFailure, InterruptedException {
            if (writer.isPresent()) {
                ReplayWriter.Positions positions = new ReplayWriter.Positions(position.offsets(done), reader.group());
                if (!writer.get().write(new ReplayWriter.Step(List.copyOf(waiting), Optional.of(positions)))) {
                    throw new KafkaFailure("topic " + replayTopic + " does not take a message of " + largest()
                            + " bytes: raise its max.message.bytes");
                }
                report.sent(waiting.size());
                tools.rate().sent(waiting.size());
            }
            waiting.clear();
            waitingBytes = 0;
        }

        private int largest() {
            return waiting.stream().mapToInt(RecordSize::atMost).max().orElse(0);
        }
    }
}
