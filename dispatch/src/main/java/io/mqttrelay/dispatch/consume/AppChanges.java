package io.mqttrelay.dispatch.consume;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.mqttrelay.common.thread.CalledOn;
import io.mqttrelay.dispatch.consume.ConsumerLoop.Records;
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
 * Follows the configuration while others are served. An address that goes, or changed, is not read for any more; what of it
 * is not out is dropped from memory, what is out ends. When nothing of it is left, one that changed is served again, from
 * where it stands. Of an app that goes, the topics are unsubscribed from when nothing of it is left.
 */
@CalledOn("dispatch-consumer")
final class AppChanges {
    /** The partitions that this dispatcher has. */
    interface Partitions {
        Collection<AppWindows> apps();

        Collection<Assignment> all();

        /** There is something to be looked at in it. */
        void touched(Assignment assignment);
    }

    private static final Logger log = LogManager.getLogger(AppChanges.class);

    private final Map<String, ConsumedApp> topics;
    private final Partitions assignments;
    private final Records records;
    private final Runnable topicsChanged;

    private Map<String, ConsumedApp> wanted = Map.of();
    /** Those of which something is in memory, or out, and the app of each. */
    private final Map<AddressWindow, String> leaving = new LinkedHashMap<>();

    private final Set<String> leavingApps = new LinkedHashSet<>();

    /**
     * @param topics what is subscribed to, and the app of each: changed here
     * @param topicsChanged told after that
     */
    AppChanges(Map<String, ConsumedApp> topics, Partitions assignments, Records records, Runnable topicsChanged) {
        this.topics = topics;
        this.assignments = assignments;
        this.records = records;
        this.topicsChanged = topicsChanged;
    }

    /**
     * Goes over to another configuration.
     *
     * @param next what to consume, and the app of each topic
     * @param changed the addresses to which calls are made on other terms than before
     */
    void begin(Map<String, ConsumedApp> next, Set<Long> changed) {
        wanted = byId(next);
        for (AppWindows app : assignments.apps()) {
            for (AddressWindow window : app.addresses()) {
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
            for (AddressWindow window : app.addresses()) {
                window.configured(isConfigured(app.appId(), window));
                if (!window.isServed() && isWanted(app.appId(), window)) {
                    leaving.put(window, app.appId());
                }
            }
        }
        records.retiredBut(leaving.keySet().stream().map(AddressWindow::key).collect(toSet()));
        step();
    }

    private static Map<String, ConsumedApp> byId(Map<String, ConsumedApp> topics) {
        Map<String, ConsumedApp> apps = new LinkedHashMap<>();
        topics.values().forEach(app -> apps.put(app.appId(), app));
        return apps;
    }

    private boolean isConfigured(String appId, AddressWindow window) {
        ConsumedApp app = wanted.get(appId);
        return app != null && (window.isNobody() || app.has(window.key()));
    }

    private boolean isWanted(String appId, AddressWindow window) {
        ConsumedApp app = wanted.get(appId);
        return app != null && (window.isNobody() || app.serves(window.key()));
    }

    /** Whether something has still to end before the configuration is the one that was asked for. */
    boolean isUnderWay() {
        return !leaving.isEmpty() || !leavingApps.isEmpty();
    }

    /** Goes on with what is under way; does not wait. */
    void step() {
        if (isUnderWay()) {
            Map<String, List<Assignment>> byApp = assignments.all().stream().collect(groupingBy(Assignment::appId));
            leaving.entrySet().removeIf(each -> {
                String appId = each.getValue();
                List<Assignment> ofApp = byApp.getOrDefault(appId, List.of());
                boolean left = hasLeft(each.getKey(), ofApp);
                if (left) {
                    left(each.getKey(), appId, ofApp);
                }
                return left;
            });
            unsubscribe();
        }
    }

    private boolean hasLeft(AddressWindow window, List<Assignment> ofApp) {
        boolean left = !records.isOut(window.key()); // it counts for the limit of calls, which is one for both
        for (Assignment assignment : ofApp) {
            Cursor cursor = assignment.cursor(window.key());
            if (cursor != null && (cursor.isInStep() || cursor.open() > 0)) {
                records.retire(assignment, window.key());
                cursor.takeBack(assignment.next());
                left &= cursor.open() == 0;
            }
        }
        return left;
    }

    private void left(AddressWindow window, String appId, List<Assignment> ofApp) {
        records.retired(window.key());
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
            return; // a consumer without any topic would be none
        }
        leavingApps.removeAll(gone);
        topics.values().removeIf(app -> gone.contains(app.appId()));
        topicsChanged.run();
    }
}
