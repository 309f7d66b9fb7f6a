package io.mqttrelay.testkit.guarantee;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message whose first bytes identify it, so that hundreds of thousands can be counted without keeping them.
 *
 * @param topic number of its MQTT topic, from 0
 * @param sequence its number on that topic, from 0
 */
public record SequencedMessage(int topic, int sequence) {
    /** The MQTT topic. */
    public String mqttTopic() {
        return "t/" + topic;
    }

    /** A JSON document of this many bytes: {@code [topic,sequence,"..."]}. */
    public byte[] payload(int size) {
        byte[] head = ("[" + topic + "," + sequence + ",\"").getBytes(StandardCharsets.US_ASCII);
        byte[] payload = Arrays.copyOf(head, Math.max(size, head.length + 2));
        Arrays.fill(payload, head.length, payload.length - 2, (byte) 'x');
        payload[payload.length - 2] = '"';
        payload[payload.length - 1] = ']';
        return payload;
    }

    /** Reads a message from the beginning of a body. */
    public static SequencedMessage in(ByteBuffer body) {
        int at = body.position();
        if (body.get(at++) != '[') {
            throw new IllegalArgumentException("not a sequenced message");
        }
        int[] numbers = new int[2];
        for (int i = 0; i < numbers.length; i++) {
            for (byte digit = body.get(at++); digit != ','; digit = body.get(at++)) {
                numbers[i] = 10 * numbers[i] + digit - '0';
            }
        }
        return new SequencedMessage(numbers[0], numbers[1]);
    }
}
