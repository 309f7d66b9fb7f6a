package io.mqttrelay.bench.program;

import io.mqttrelay.bench.wire.AppNames;
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
public record Job(String name, AppNames apps, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
    public Job {
        urls = List.copyOf(urls);
    }

    public static Job of(
            String name, String app, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
        return new Job(name, AppNames.one(app), bootstrapServers, mqttPort, urls, inFlight);
    }

    /** The first app, for contenders with a single app. */
    public String app() {
        return apps.names().get(0);
    }
}
