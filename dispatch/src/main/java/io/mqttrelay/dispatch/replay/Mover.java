package io.mqttrelay.dispatch.replay;

import io.mqttrelay.dispatch.replay.DeadLetterReplay.Planned;
import io.mqttrelay.dispatch.replay.DeadLetterTable.Lying;
import io.mqttrelay.dispatch.replay.TopicReader.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Moves dead letters into the replay topic: one transaction appends the deliveries and removes their entries, so that an
 * entry is in one of the two places, whenever the process dies. Holds the payloads of one transaction. One thread.
 */
final class Mover {
    private static final long LARGEST_STEP_BYTES = 4L * 1024 * 1024;

    private final ReplayTools tools;
    private final TopicReader reader;
    private final ReplayWriter writer;
    private final ReplayReport report;
    private final Deliveries deliveries;

    private record Place(TopicPartition partition, long offset) {}

    Mover(ReplayTools tools, TopicReader reader, ReplayWriter writer, ReplayReport report, Deliveries deliveries) {
        this.tools = tools;
        this.reader = reader;
        this.writer = writer;
        this.report = report;
        this.deliveries = deliveries;
    }

    /** Moves them all, in this order, unless the end is asked for. */
    void move(List<Planned> planned) throws KafkaFailure, InterruptedException {
        int moved = 0;
        while (moved < planned.size()) {
            List<Planned> step = step(planned, moved);
            Map<Place, ConsumerRecord<byte[], byte[]>> records = new HashMap<>();
            if (!fetch(step, records)) {
                return;
            }
            tools.pace()
                    .sent(write(step.stream()
                            .map(each -> moved(each, records))
                            .filter(each -> !each.isEmpty())
                            .toList()));
            moved += step.size();
            tools.progress().at("sending", moved, planned.size());
        }
        report.complete();
    }

    private List<Planned> step(List<Planned> planned, int from) {
        int to = from;
        long bytes = 0;
        int deliveries = 0;
        while (to < planned.size()
                && (to == from || (deliveries < tools.pace().step() && bytes < LARGEST_STEP_BYTES))) {
            bytes += planned.get(to).lying().entry().payloadSize();
            deliveries += planned.get(to).addresses().size();
            to++;
        }
        return planned.subList(from, to);
    }

    /** Reads the entries again, this time with their payloads; false: the end was asked for. */
    private boolean fetch(List<Planned> step, Map<Place, ConsumerRecord<byte[], byte[]>> records)
            throws KafkaFailure, InterruptedException {
        Map<Place, Planned> wanted = new HashMap<>();
        Map<TopicPartition, Range> ranges = new HashMap<>();
        for (Planned each : step) {
            Lying lying = each.lying();
            wanted.put(new Place(lying.partition(), lying.offset()), each);
            Range only = new Range(lying.offset(), lying.offset() + 1);
            ranges.merge(
                    lying.partition(),
                    only,
                    (a, b) -> new Range(Math.min(a.from(), b.from()), Math.max(a.to(), b.to())));
        }
        return reader.read(ranges, TopicReader.Ticks.NONE, record -> {
            Place place = new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
            if (wanted.containsKey(place)) {
                records.put(place, record);
            }
            return true;
        });
    }

    /** What one entry becomes; empty: it cannot be sent, which is counted. */
    private List<ProducerRecord<byte[], byte[]>> moved(
            Planned planned, Map<Place, ConsumerRecord<byte[], byte[]>> records) {
        Lying lying = planned.lying();
        ConsumerRecord<byte[], byte[]> record = records.get(new Place(lying.partition(), lying.offset()));
        if (record == null) {
            report.skipped(Skip.GONE);
            return List.of();
        }
        List<ProducerRecord<byte[], byte[]>> moved =
                new ArrayList<>(deliveries.of(record, planned.route(), planned.addresses(), report));
        if (!moved.isEmpty()) {
            // in the partition where it lies, wherever its key would go now
            moved.add(new ProducerRecord<>(record.topic(), record.partition(), record.key(), null));
        }
        return moved;
    }

    /** Returns how many deliveries were sent. */
    private int write(List<List<ProducerRecord<byte[], byte[]>>> entries) throws KafkaFailure {
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        entries.forEach(all::addAll);
        if (all.isEmpty()) {
            return 0;
        }
        if (writer.write(new ReplayWriter.Step(all, Optional.empty()))) {
            int sent = all.size() - entries.size();
            report.sent(sent);
            return sent;
        }
        if (entries.size() == 1) {
            report.skipped(Skip.DOES_NOT_FIT);
            return 0;
        }
        int sent = 0;
        for (List<ProducerRecord<byte[], byte[]>> each : entries) {
            sent += write(List.of(each)); // one is too large: the others need not wait for it
        }
        return sent;
    }
}
