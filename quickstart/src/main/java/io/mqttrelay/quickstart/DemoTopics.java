package io.mqttrelay.quickstart;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import java.util.List;
import java.util.stream.Stream;

/** Topics of demo messages: topics that match a route's filters and none of its exclusions. */
final class DemoTopics {
    private static final List<String> ENDINGS = List.of("room-1/temperature", "room-2/temperature", "door/state");

    private DemoTopics() {}

    /** Concrete topics of a route; empty: all of them are excluded. */
    static List<String> of(Route route) {
        return route.subscriptions().stream()
                .map(Subscription::filter)
                .map(Object::toString)
                .flatMap(DemoTopics::fill)
                .filter(topic -> route.excludes().stream().noneMatch(rule -> rule.matches(topic)))
                .toList();
    }

    /** A topic for the publish command on the screen. */
    static String hello(Route route) {
        String filter = route.subscriptions().get(0).filter().toString();
        return filter.replace("+", "demo").replace("#", "hello");
    }

    private static Stream<String> fill(String filter) {
        String named = filter.replace("+", "demo");
        return named.endsWith("#")
                ? ENDINGS.stream().map(ending -> named.substring(0, named.length() - 1) + ending)
                : Stream.of(named);
    }
}
