package io.mqttrelay.testkit.guarantee;

/**
 * One attempt that a callback saw.
 *
 * @param address the callback
 * @param id of the message, as {@link TestMessage#idIn} finds it
 * @param sha256 of the body, lower-case hex
 * @param accepted whether the answer was a 2xx
 * @param epoch how many crashes had been declared before it
 * @param atNanos when the answer began, by {@link System#nanoTime} of the callback's JVM
 */
public record Delivery(
        String address, String topic, String id, String sha256, boolean accepted, int epoch, long atNanos) {}
