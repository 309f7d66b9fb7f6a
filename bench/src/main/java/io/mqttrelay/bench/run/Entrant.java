package io.mqttrelay.bench.run;

/**
 * A participant of a scenario, with its conditions.
 *
 * @param name one word, for display and for the command line
 * @param ordered whether it guarantees one MQTT topic's order
 */
record Entrant(String name, Program program, Conditions conditions, boolean ordered) {}
