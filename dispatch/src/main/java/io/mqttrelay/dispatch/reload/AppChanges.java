package io.mqttrelay.dispatch.reload;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.Cursor;
import io.mqttrelay.dispatch.position.Destinations;
import io.mqttrelay.dispatch.window.AddressWindow;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Applies a changed configuration while other addresses are served. For a removed or changed address, the consumer
 * reads nothing more. It drops deliveries that are not in flight from memory, and lets calls in flight end. When none
 * is left, a changed address is served again, from its current progress. The topics of a removed app are unsubscribed
 * when none of its deliveries is left.
 */
@CalledOn("dispatch-consumer")
public final class AppChanges {
    /** The partitions of this dispatcher. */
    public interface Partitions {
        Collection<AppWindows> apps();

        Collection<Assignment> all();

        /** Marks a partition as active: the next scans look at it. */
        void touched(Assignment assignment);
    }

    private static final Logger log = LogManager.getLogger(AppChanges.class);

    private final Map<String, ConsumedApp> topics;
    private final Partitions assignments;
    private final Destinations destinations;
    private final Runnable topicsChanged;

    private Map<String, ConsumedApp> wanted = Map.of();
    /** Addresses with deliveries in memory or in flight, and the app of each. */
    private final Map<AddressWindow, String> leaving = new LinkedHashMap<>();

    private final Set<String> leavingApps = new LinkedHashSet<>();

    /**
     * @param topics the subscribed topics, and the app of each: changed here
     * @param topicsChanged called after each change
     */
    public AppChanges(
            Map<String, ConsumedApp> topics,
            Partitions assignments,
            Destinations destinations,
            Runnable topicsChanged) {
        this.topics = topics;
        this.assignments = assignments;
        this.destinations = destinations;
        this.topicsChanged = topicsChanged;
    }

    /**
     * Begins to apply another configuration.
     *
     * @param next topics to consume, and the app of each
     * @param changed addresses whose calls are made with other settings than before
     */
    public void begin(Map<String, ConsumedApp> next, Set<Long> changed) {
        wanted = byId(next);
        for (AppWindows app : assignments.apps()) {
            for (AddressWindow window : app.all()) {
                window.configured(isConfigured(app.appId(), window));
                if (window.isServed() && (changed.contains(window.key()) || !isWanted(app.appId(), window))) {
                    window.served(false);
                    leaving.put(window, app.appId());
                }
            }
        }
        leavingApps.addAll(byId(topics).keySet());
        leavingApps.removeAll(wanted.keySet());
        topics.putAll(next);
        topicsChanged.run();
        for (AppWindows app : assignments.apps()) {
            for (AddressWindow window : app.all()) {
                window.configured(isConfigured(app.appId(), window));
                if (!window.isServed() && isWanted(app.appId(), window)) {
                    leaving.put(window, app.appId());
                }
            }
        }
        destinations.switchOverAllBut(
                leaving.keySet().stream().map(AddressWindow::key).collect(toSet()));
        step();
    }

    private static Map<String, ConsumedApp> byId(Map<String, ConsumedApp> topics) {
        Map<String, ConsumedApp> apps = new LinkedHashMap<>();
        topics.values().forEach(app -> apps.put(app.appId(), app));
        return apps;
    }

    private boolean isConfigured(String appId, AddressWindow window) {
        ConsumedApp app = wanted.get(appId);
        return app != null && app.has(window.key());
    }

    private boolean isWanted(String appId, AddressWindow window) {
        ConsumedApp app = wanted.get(appId);
        return app != null && app.serves(window.key());
    }

    /** Whether deliveries have still to end before the new configuration is in force. */
    public boolean isUnderWay() {
        return !leaving.isEmpty() || !leavingApps.isEmpty();
    }

    /** Continues the change; does not wait. */
    public void step() {
        if (isUnderWay()) {
            Map<String, List<Assignment>> byApp = assignments.all().stream().collect(groupingBy(Assignment::appId));
            leaving.entrySet().removeIf(each -> {
                String appId = each.getValue();
                List<Assignment> ofApp = byApp.getOrDefault(appId, List.of());
                boolean left = hasLeft(each.getKey(), ofApp, leavingApps.contains(appId));
                if (left) {
                    left(each.getKey(), appId, ofApp);
                }
                return left;
            });
            unsubscribe();
        }
    }

    /**
     * Whether nothing of the address is left. If its topics are to be unsubscribed, a dead letter that Kafka does not store
     * may be left: its message is not committed, and comes again with the next assignment.
     */
    private boolean hasLeft(AddressWindow window, List<Assignment> ofApp, boolean unsubscribes) {
        boolean left = !destinations.hasCallsOfReplaced(window.key()); // both configurations share the limit of calls
        for (Assignment assignment : ofApp) {
            Cursor cursor = assignment.cursor(window.key());
            if (cursor != null && (cursor.isInStep() || cursor.open() > 0)) {
                destinations.takeBack(assignment, window.key());
                cursor.takeBack(assignment.next());
                left &= unsubscribes ? assignment.isQuiet() : cursor.open() == 0;
            }
        }
        return left;
    }

    private void left(AddressWindow window, String appId, List<Assignment> ofApp) {
        destinations.switchOver(window.key());
        if (isWanted(appId, window)) {
            window.served(true);
        } else {
            log.info("{} is not served any more, nothing of it is out; its progress is kept", window);
        }
        ofApp.forEach(assignments::touched);
    }

    private void unsubscribe() {
        Set<String> gone = new HashSet<>(leavingApps);
        gone.removeAll(leaving.values());
        if (gone.isEmpty() || topics.values().stream().allMatch(app -> gone.contains(app.appId()))) {
            return; // a consumer needs at least one topic
        }
        leavingApps.removeAll(gone);
        topics.values().removeIf(app -> gone.contains(app.appId()));
        topicsChanged.run();
    }
}
