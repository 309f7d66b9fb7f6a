package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.SimulatedLog.Logged;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.CommittedProgress;
import io.mqttrelay.dispatch.progress.SimulatedStore;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.testkit.fakekafka.FakeGroup;
import io.mqttrelay.testkit.fakekafka.FakeMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Compares the commits of a simulation with the deliveries, and its end with the written messages. */
final class SimulatedPromises implements FakeGroup.Watcher {
    private final FakeGroup group;
    private final SimulatedLog log;
    private final SimulatedCallbacks callbacks;
    private final Function<FakeMember, SimulatedNetwork> networks;
    /** The {@link AddressKey} of each address. */
    private final Map<String, Long> keys = new LinkedHashMap<>();

    private final Map<String, Long> lost = new LinkedHashMap<>();
    private final long[] positions = new long[SimulatedLog.PARTITIONS];
    private final int[] epochs;
    private final SimulatedStore store;

    /** @param epochs how often each partition was assigned; kept here */
    SimulatedPromises(
            FakeGroup group,
            SimulatedLog log,
            SimulatedCallbacks callbacks,
            List<Route> routes,
            int[] epochs,
            SimulatedStore store,
            Function<FakeMember, SimulatedNetwork> networks) {
        this.group = group;
        this.log = log;
        this.callbacks = callbacks;
        this.epochs = epochs;
        this.store = store;
        this.networks = networks;
        for (Route route : routes) {
            for (Destination destination : route.destinations()) {
                keys.put(destination.id(), AddressKey.of(route.name(), destination.id()));
            }
        }
    }

    /** @param uncommitted the group has committed nothing; false: a commit without any completed delivery */
    void begin(boolean uncommitted) {
        group.watch(this);
        if (!uncommitted) {
            List<Long> all = new ArrayList<>(keys.values());
            all.add(TestApps.UNROUTABLE);
            SimulatedLog.partitions().forEach(partition -> group.commit(partition, CommittedProgress.ofNothing(all)));
        }
    }

    @Override
    public void assigned(FakeMember member, Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> epochs[partition.partition()]++);
    }

    @Override
    public void gaveUp(FakeMember member, Collection<TopicPartition> partitions) {
        if (!networks.apply(member).lastCommitFailed()) {
            partitions.forEach(partition -> callbacks.handedOver(partition.partition()));
        }
    }

    @Override
    public void committed(TopicPartition partition, OffsetAndMetadata offset) {
        int number = partition.partition();
        if (offset.offset() < positions[number]) {
            throw new AssertionError(partition + " goes back from " + positions[number] + " to " + offset.offset());
        }
        positions[number] = offset.offset();
        CommittedProgress progress = new CommittedProgress(partition, offset, store, each -> log.topic(number, each));
        for (Logged logged : log.written(number)) {
            if (logged.offset() >= log.beginning(number)) {
                logged.addresses().forEach(address -> checkNotPassed(address, logged, progress));
            }
        }
        callbacks.stored(number, progress);
    }

    private void checkNotPassed(String address, Logged logged, CommittedProgress progress) {
        if (progress.isDone(keys.get(address), logged.offset()) && !callbacks.hasEnded(address, logged.id())) {
            throw new AssertionError("a commit says that " + address + " has got " + logged.id());
        }
    }

    /** Notes the end of a run of a dispatcher: its reported losses count. */
    void ended(SimulatedDispatcher dispatcher) {
        keys.keySet().forEach(address -> lost.merge(address, dispatcher.lost(address), Long::sum));
    }

    /** Whether every address except this one has got all messages that retention has left. */
    boolean allEndedBut(String down) {
        for (int partition = 0; partition < SimulatedLog.PARTITIONS; partition++) {
            for (Logged logged : log.written(partition)) {
                for (String address : logged.addresses()) {
                    if (!address.equals(down)
                            && logged.offset() >= log.beginning(partition)
                            && !callbacks.hasEnded(address, logged.id())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    boolean allCommitted() {
        for (int partition = 0; partition < SimulatedLog.PARTITIONS; partition++) {
            if (positions[partition] < log.end(partition)) {
                return false;
            }
        }
        return true;
    }

    /** @throws AssertionError if a message was lost that no dispatcher has reported as deleted by retention */
    void checkLost() {
        for (String address : keys.keySet()) {
            long missing = 0;
            for (int partition = 0; partition < SimulatedLog.PARTITIONS; partition++) {
                for (Logged logged : log.written(partition)) {
                    if (logged.addresses().contains(address) && !callbacks.hasEnded(address, logged.id())) {
                        if (logged.offset() >= log.beginning(partition)) {
                            throw new AssertionError(logged.id() + " was lost at " + address);
                        }
                        missing++;
                    }
                }
            }
            if (missing > lost.getOrDefault(address, 0L)) {
                throw new AssertionError(missing + " were lost at " + address + ", reported were " + lost);
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        SimulatedLog.partitions()
                .forEach(partition -> text.append(partition)
                        .append(" committed ")
                        .append(group.committed(partition))
                        .append(" of ")
                        .append(log.end(partition.partition()))
                        .append(", "));
        return text.toString();
    }
}
