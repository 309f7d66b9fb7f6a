package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.KafkaTarget;
import io.mqttrelay.common.config.destination.MqttTarget;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.config.value.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds destinations whose messages would come back: a topic of the relay in its own Kafka cluster, or an MQTT topic that a
 * route subscribes to. It compares hosts and ports as they are written.
 */
final class OwnTargets {
    private final List<Route> routes;
    private final KafkaSettings kafka;
    private final List<String> problems = new ArrayList<>();

    private OwnTargets(List<Route> routes, KafkaSettings kafka) {
        this.routes = routes;
        this.kafka = kafka;
    }

    /** The problems, one line each. */
    static List<String> problems(List<Route> routes, KafkaSettings kafka) {
        OwnTargets own = new OwnTargets(routes, kafka);
        for (Route route : routes) {
            for (Destination destination : route.destinations()) {
                if (destination.target() instanceof KafkaTarget target) {
                    own.check(route, destination, target);
                } else if (destination.target() instanceof MqttTarget target) {
                    own.check(route, destination, target);
                }
            }
        }
        return own.problems;
    }

    private void check(Route route, Destination destination, KafkaTarget target) {
        Set<String> own = servers(kafka.bootstrapServers());
        boolean isSameCluster = servers(target.bootstrapServers()).stream().anyMatch(own::contains);
        if (isSameCluster && destination.address().topic().startsWith(kafka.topicPrefix() + ".")) {
            problems.add(
                    of(route, destination) + " is a topic of the relay itself: in its own Kafka cluster, topics that"
                            + " begin with " + kafka.topicPrefix() + ". are the relay's");
        }
    }

    private static Set<String> servers(String bootstrapServers) {
        return Stream.of(bootstrapServers.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    private void check(Route route, Destination destination, MqttTarget target) {
        Template template = destination.request().template();
        if (template != null && template.topic() != null) {
            return; // known only message by message: ingest drops those that come back
        }
        Set<String> published = places(target.addresses());
        for (Route reader : routes) {
            boolean isSameBroker = places(reader.broker().addresses()).stream().anyMatch(published::contains);
            if (!isSameBroker) {
                continue;
            }
            for (Subscription subscription : reader.subscriptions()) {
                if (subscription.filter().matches(destination.address().topic())) {
                    problems.add(of(route, destination) + " publishes to "
                            + destination.address().topic()
                            + ", which route " + reader.name() + " subscribes to at the same broker by "
                            + subscription.filter() + ": its messages would come back");
                }
            }
        }
    }

    private static Set<String> places(List<HostPort> addresses) {
        return addresses.stream()
                .map(address -> address.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static String of(Route route, Destination destination) {
        return "the address " + destination.display() + " of route " + route.name();
    }
}
