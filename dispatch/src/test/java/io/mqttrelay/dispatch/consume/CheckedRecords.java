package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.position.Destinations;
import io.mqttrelay.dispatch.position.InMemory;
import io.mqttrelay.dispatch.position.RecordContext;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Hands everything on, and checks after each handover that memory is within its bounds. */
public final class CheckedRecords implements ConsumerLoop.Records {
    private final ConsumerLoop.Records to;
    private final InMemory inMemory;

    public CheckedRecords(ConsumerLoop.Records to, InMemory inMemory) {
        this.to = to;
        this.inMemory = inMemory;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
        inMemory.reads(context.assignment());
        to.accept(record, context);
    }

    @Override
    public void accepted() {
        to.accepted();
        inMemory.check();
    }

    @Override
    public Destinations destinations() {
        return to.destinations();
    }
}
