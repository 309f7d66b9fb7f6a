package io.mqttrelay.bench.run;

/**
 * Who takes part in a scenario, and what they meet there.
 *
 * @param name one word, for people and on the command line
 * @param ordered whether it promises one MQTT topic's order
 */
record Entrant(String name, Program program, Conditions conditions, boolean ordered) {}
