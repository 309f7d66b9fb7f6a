package io.mqttrelay.dispatch.consume;

import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.InMemory;
import io.mqttrelay.dispatch.position.Reading;
import java.util.Collection;
import java.util.Set;
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
    public void accept(ConsumerRecord<byte[], byte[]> record, Reading reading) {
        inMemory.reads(reading.assignment());
        to.accept(record, reading);
    }

    @Override
    public void accepted() {
        to.accepted();
        inMemory.check();
    }

    @Override
    public void unload(Assignment assignment, long address) {
        to.unload(assignment, address);
    }

    @Override
    public Set<String> lanesOfLongCalls(Assignment assignment, long address) {
        return to.lanesOfLongCalls(assignment, address);
    }

    @Override
    public void unloadLanes(Assignment assignment, long address, Set<String> lanes, boolean resting) {
        to.unloadLanes(assignment, address, lanes, resting);
    }

    @Override
    public void retire(Assignment assignment, long address) {
        to.retire(assignment, address);
    }

    @Override
    public boolean isOut(long address) {
        return to.isOut(address);
    }

    @Override
    public void retired(long address) {
        to.retired(address);
    }

    @Override
    public void retiredBut(Set<Long> addresses) {
        to.retiredBut(addresses);
    }

    @Override
    public void withdraw(Collection<Assignment> ended) {
        to.withdraw(ended);
    }

    @Override
    public void cancel(Collection<Assignment> ended) {
        to.cancel(ended);
    }

    @Override
    public SlowCalls slowCalls() {
        return to.slowCalls();
    }

    @Override
    public void drain(Assignment assignment, long address) {
        to.drain(assignment, address);
    }

    @Override
    public boolean takes(long address) {
        return to.takes(address);
    }

    @Override
    public boolean hasEnough(long address) {
        return to.hasEnough(address);
    }
}
