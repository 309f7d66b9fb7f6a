package io.mqttrelay.bench.run;

import java.util.List;

/**
 * One turn's work: an app's messages, from MQTT to its topic in Kafka, or from there to the callback.
 *
 * @param name of the turn, and the consumer group; no other has it
 * @param app its messages are below the MQTT topic of this name
 * @param mqttPort 0: MQTT has no part in it
 * @param urls where every message goes; empty: the callback has no part in it
 * @param inFlight calls at once
 */
record Job(String name, String app, String bootstrapServers, int mqttPort, List<String> urls, int inFlight) {
    Job {
        urls = List.copyOf(urls);
    }
}
