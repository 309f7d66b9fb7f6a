package io.mqttrelay.bench.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A message that identifies itself in any body: {@code {"bench":[number,topic,sequence,micros],...}}.
 *
 * @param number its number in the whole run, from 0
 * @param topic number of its MQTT topic, from 0
 * @param sequence its number on that topic, from 0
 * @param sentMicros when it was sent, microseconds since the epoch
 */
public record BenchMessage(int number, int topic, int sequence, long sentMicros) {
    private static final byte[] MARK = "\"bench\":[".getBytes(StandardCharsets.US_ASCII);
    private static final String TAIL = "\"}";

    /** Receives the messages that are found. */
    public interface Finder {
        void found(int number, int topic, int sequence, long sentMicros);
    }

    /** The message with this number; the messages are divided among the topics in turn. */
    public static BenchMessage of(int number, int topics) {
        return new BenchMessage(number, number % topics, number / topics, nowMicros());
    }

    /** Microseconds since the epoch, by the clock that all processes of this machine share. */
    public static long nowMicros() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
    }

    /** The MQTT topic below {@code app}. */
    public String mqttTopic(String app) {
        return app + "/" + topic;
    }

    /** A JSON document of this many bytes, or a few more if it needs them. */
    public byte[] payload(int size) {
        String text = "{\"bench\":[" + number + "," + topic + "," + sequence + "," + sentMicros + "],\"pad\":\"";
        byte[] head = text.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = Arrays.copyOf(head, Math.max(size, head.length + TAIL.length()));
        Arrays.fill(payload, head.length, payload.length - TAIL.length(), (byte) 'x');
        payload[payload.length - 2] = '"';
        payload[payload.length - 1] = '}';
        return payload;
    }

    /**
     * Finds every message in a body.
     *
     * @return the number of messages
     */
    public static int findAll(byte[] bytes, int from, int to, Finder finder) {
        int found = 0;
        for (int at = from; at < to - MARK.length; at++) {
            if (bytes[at] == '"' && isMark(bytes, at)) {
                at = read(bytes, at + MARK.length, finder);
                found++;
            }
        }
        return found;
    }

    private static boolean isMark(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + MARK.length, MARK, 0, MARK.length);
    }

    private static int read(byte[] bytes, int start, Finder finder) {
        int at = start;
        int number = 0;
        for (; bytes[at] != ','; at++) {
            number = 10 * number + bytes[at] - '0';
        }
        int topic = 0;
        for (at++; bytes[at] != ','; at++) {
            topic = 10 * topic + bytes[at] - '0';
        }
        int sequence = 0;
        for (at++; bytes[at] != ','; at++) {
            sequence = 10 * sequence + bytes[at] - '0';
        }
        long micros = 0;
        for (at++; bytes[at] != ']'; at++) {
            micros = 10 * micros + bytes[at] - '0';
        }
        finder.found(number, topic, sequence, micros);
        return at;
    }
}
