package io.mqttrelay.testkit.guarantee;

/**
 * One delivery attempt at a callback.
 *
 * @param address the callback
 * @param id of the message, as {@link TestMessage#idIn} finds it
 * @param sha256 of the body, lower-case hex
 * @param accepted whether the answer was a 2xx
 * @param epoch number of crashes declared before it
 * @param atNanos when the answer began, or without an answer when the request was complete, by {@link System#nanoTime}
 *     of the callback's JVM
 */
public record Delivery(
        String address, String topic, String id, String sha256, boolean accepted, int epoch, long atNanos) {}
