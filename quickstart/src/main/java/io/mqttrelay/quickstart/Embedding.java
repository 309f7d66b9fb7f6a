package io.mqttrelay.quickstart;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.HostPort;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The servers that the quickstart embeds, because the user has none.
 *
 * <ul>
 * <li>Kafka, unless {@code kafka.bootstrap_servers} is set: a file that sets it means that Kafka, even while it is
 * down.
 * <li>An MQTT broker at each plain TCP address of this machine where no server listens. A file always names its
 * brokers, so that a named broker may still be missing.
 * <li>A demo callback at each {@code http} address of this machine where no server listens.
 * </ul>
 *
 * @param kafka whether Kafka is embedded
 * @param mqttPorts of embedded brokers, on loopback
 * @param callbackPorts of demo callbacks, on loopback
 */
record Embedding(boolean kafka, Set<Integer> mqttPorts, Set<Integer> callbackPorts) {
    Embedding {
        mqttPorts = Set.copyOf(mqttPorts);
        callbackPorts = Set.copyOf(callbackPorts);
    }

    /**
     * Decides which servers are embedded.
     *
     * @param kafkaIsNamed whether the file names Kafka's servers
     * @param listens whether a server accepts connections at an address
     */
    static Embedding of(RelayConfig config, boolean kafkaIsNamed, Predicate<HostPort> listens) {
        Set<Integer> mqtt = new TreeSet<>();
        Set<Integer> callbacks = new TreeSet<>();
        for (Route route : config.routes()) {
            Broker broker = route.broker();
            if (broker.tls() == null && broker.websocketPath() == null) {
                broker.addresses().forEach(address -> addIfFree(mqtt, address, listens));
            }
            for (Destination destination : route.destinations()) {
                Address address = destination.address();
                if ("http".equalsIgnoreCase(address.url().getScheme())) {
                    addIfFree(callbacks, new HostPort(address.host(), address.port()), listens);
                }
            }
        }
        return new Embedding(!kafkaIsNamed, mqtt, callbacks);
    }

    private static void addIfFree(Set<Integer> ports, HostPort address, Predicate<HostPort> listens) {
        if (Loopback.is(address.host()) && !listens.test(address)) {
            ports.add(address.port());
        }
    }
}
