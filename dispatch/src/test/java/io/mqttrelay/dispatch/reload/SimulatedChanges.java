package io.mqttrelay.dispatch.reload;

import io.mqttrelay.dispatch.consume.ConsumerLoop;
import io.mqttrelay.dispatch.flow.SimulatedPartition;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A change of configuration that a test controls, at a dispatcher with one app of one topic. */
public final class SimulatedChanges {
    private static final String TOPIC = "topic";

    private final AppChanges changes;
    private ConsumedApp now;

    /** @param assigned the partitions of the dispatcher, now and later */
    public SimulatedChanges(
            SimulatedPartition.App app,
            ConsumedApp configured,
            Collection<SimulatedPartition> assigned,
            ConsumerLoop.Records records) {
        this.now = configured;
        Map<String, ConsumedApp> topics = new HashMap<>(Map.of(TOPIC, configured));
        AppChanges.Partitions partitions = new AppChanges.Partitions() {
            @Override
            public Collection<AppWindows> apps() {
                return List.of(app.windows());
            }

            @Override
            public Collection<Assignment> all() {
                return assigned.stream().map(SimulatedPartition::assignment).toList();
            }

            @Override
            public void touched(Assignment assignment) {}
        };
        changes = new AppChanges(topics, partitions, records.destinations(), () -> {
            app.become(now);
            assigned.forEach(partition -> partition.changed(app));
        });
    }

    public void begin(ConsumedApp next, Set<Long> changed) {
        now = next;
        changes.begin(Map.of(TOPIC, next), changed);
    }

    public void step() {
        changes.step();
    }
}
