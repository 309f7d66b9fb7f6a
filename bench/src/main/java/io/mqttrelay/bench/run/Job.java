package io.mqttrelay.bench.run;

import io.mqttrelay.bench.wire.Apps;
import java.util.List;

/**
 * The work of one turn: the messages of some apps, from MQTT to Kafka, or from Kafka to the callback.
 *
 * @param name of the turn and the consumer group; unique
 * @param apps an app's messages are below the MQTT topic of its name
 * @param mqttPort 0: without MQTT
 * @param urls the addresses of every message; empty: without the callback
 * @param inFlight concurrent calls
 */
record Job(String name, Apps apps, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
    Job {
        urls = List.copyOf(urls);
    }

    static Job of(String name, String app, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
        return new Job(name, Apps.one(app), bootstrapServers, mqttPort, urls, inFlight);
    }

    /** The first app, for contenders with a single app. */
    String app() {
        return apps.names().get(0);
    }
}
