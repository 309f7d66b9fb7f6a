package io.mqttrelay.testkit.guarantee;

/**
 * A message that a publisher has sent.
 *
 * @param id as {@link TestMessage#idIn} finds it
 * @param sha256 of the payload, lower-case hex
 */
public record Sent(String id, String topic, String sha256) {
    public static Sent of(String topic, byte[] payload) {
        return new Sent(TestMessage.idIn(payload), topic, TestMessage.sha256(payload));
    }
}
