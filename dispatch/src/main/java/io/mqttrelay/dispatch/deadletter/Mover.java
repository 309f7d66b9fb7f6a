package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.record.RecordSize;
import io.mqttrelay.dispatch.deadletter.AppRoutes.Redelivery;
import io.mqttrelay.dispatch.deadletter.DeadLetterReplay.Planned;
import io.mqttrelay.dispatch.deadletter.ReplayReport.Skip;
import io.mqttrelay.dispatch.deadletter.ReplayRun.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Moves dead letters into the replay topic: one transaction appends the deliveries and removes their entries. So an
 * entry is in one of the two places, whenever the process dies. Holds the records of one transaction. One thread.
 */
final class Mover {
    private static final long LARGEST_STEP_BYTES = 4L * 1024 * 1024;

    private final Tools tools;
    private final ReplayWriter writer;
    private final ReplayReport report;
    private final Deliveries deliveries;

    // of the current transaction
    private final List<List<ProducerRecord<byte[], byte[]>>> gathered = new ArrayList<>();
    private long gatheredBytes;
    private int gatheredDeliveries;

    Mover(Tools tools, ReplayWriter writer, ReplayReport report, Deliveries deliveries) {
        this.tools = tools;
        this.writer = writer;
        this.report = report;
        this.deliveries = deliveries;
    }

    /** Moves all entries, in this order, unless the user asks for the end. */
    void move(Planned planned) throws KafkaFailure, InterruptedException {
        for (int i = 0; i < planned.entries().length; i++) {
            if (tools.stop().isRequested()) {
                return;
            }
            gather(planned, planned.entries()[i]);
            if (gatheredDeliveries >= tools.rate().step() || gatheredBytes >= LARGEST_STEP_BYTES) {
                send();
                tools.progress().at("sending", i + 1L, planned.entries().length);
            }
        }
        send();
        report.complete();
    }

    private void gather(Planned planned, int entry) throws KafkaFailure {
        ConsumerRecord<byte[], byte[]> record = planned.table().record(entry);
        Redelivery redelivery = planned.redelivery(entry);
        List<ProducerRecord<byte[], byte[]>> moved = new ArrayList<>(
                deliveries.of(record, redelivery.route().orElseThrow(), redelivery.addresses(), report));
        if (moved.isEmpty()) {
            return; // it cannot be sent, which is counted
        }
        gatheredDeliveries += moved.size();
        // in the partition of the entry, even if its key would go to another now
        moved.add(new ProducerRecord<>(record.topic(), record.partition(), record.key(), null));
        gatheredBytes += moved.stream().mapToLong(RecordSize::atMost).sum();
        gathered.add(moved);
    }

    private void send() throws KafkaFailure, InterruptedException {
        int sent = write(List.copyOf(gathered));
        gathered.clear();
        gatheredBytes = 0;
        gatheredDeliveries = 0;
        tools.rate().sent(sent);
    }

    /** Returns the number of deliveries that were sent. */
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
