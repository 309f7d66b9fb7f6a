package io.mqttrelay.bench.run;

import io.mqttrelay.bench.wire.Apps;
import java.util.List;

/**
 * One turn's work: apps' messages, from MQTT to their topics in Kafka, or from there to the callback.
 *
 * @param name of the turn, and the consumer group; no other has it
 * @param apps each one's messages are below the MQTT topic of its name
 * @param mqttPort 0: MQTT has no part in it
 * @param urls where every message goes; empty: the callback has no part in it
 * @param inFlight calls at once
 */
record Job(String name, Apps apps, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
    Job {
        urls = List.copyOf(urls);
    }

    static Job of(String name, String app, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
        return new Job(name, Apps.one(app), bootstrapServers, mqttPort, urls, inFlight);
    }

    /** The first app, for those who know only one. */
    String app() {
        return apps.names().get(0);
    }
}
