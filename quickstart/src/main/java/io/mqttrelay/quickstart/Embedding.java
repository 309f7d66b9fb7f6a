package io.mqttrelay.quickstart;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.HostPort;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import java.net.URI;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a configuration does not point at, and the quickstart therefore brings along.
 *
 * <ul>
 *   <li>Kafka, unless {@code kafka.bootstrap_servers} is set: whoever sets it means that Kafka, even while it is down.
 *   <li>An MQTT broker at each plain TCP address of this machine where nobody listens. A file always names its brokers, so
 *       being named cannot be the question here.
 *   <li>A demo callback at each {@code http} address of this machine where nobody listens.
 * </ul>
 *
 * @param kafka whether one is embedded
 * @param mqttPorts of embedded brokers, on loopback
 * @param callbackPorts of demo callbacks, on loopback
 */
record Embedding(boolean kafka, Set<Integer> mqttPorts, Set<Integer> callbackPorts) {
    Embedding {
        mqttPorts = Set.copyOf(mqttPorts);
        callbackPorts = Set.copyOf(callbackPorts);
    }

    /**
     * Decides.
     *
     * @param kafkaIsNamed whether the file says where Kafka is
     * @param listens whether somebody takes connections at an address
     */
    static Embedding of(RelayConfig config, boolean kafkaIsNamed, Predicate<HostPort> listens) {
        Set<Integer> mqtt = new TreeSet<>();
        Set<Integer> callbacks = new TreeSet<>();
        for (Route route : config.routes()) {
            Broker broker = route.broker();
            if (broker.tls() == null && broker.websocketPath() == null) {
                broker.addresses().forEach(address -> addIfFree(mqtt, address, listens));
            }
            for (Address address : route.addresses()) {
                if ("http".equalsIgnoreCase(address.url().getScheme())) {
                    addIfFree(callbacks, hostPort(address.url()), listens);
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

    private static HostPort hostPort(URI url) {
        return new HostPort(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
    }
}
