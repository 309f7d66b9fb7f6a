package io.mqttrelay.common.topic;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The names of an app's Kafka topics: {@code <prefix>.<app>} for messages, {@code .replay} for replays, {@code .dead}
 * for dead letters.
 *
 * <p>Of an app_id, ASCII letters, digits and {@code -} are kept. Every other character is written as {@code _} and
 * two upper-case hex digits for each of its UTF-8 bytes. So two app_ids never share a topic, and never differ only in
 * {@code .} and {@code _}, which Kafka's metrics do not tell apart.
 */
public final class TopicNames {
    /** Kafka's limit on the length of a topic name. */
    public static final int MAX_LENGTH = 249;

    private static final String REPLAY = ".replay";
    private static final String DEAD = ".dead";

    private final String prefix;

    /** @param prefix {@code kafka.topic_prefix}, of characters that Kafka allows in a topic name */
    public TopicNames(String prefix) {
        this.prefix = prefix;
    }

    /** The topic of the app's messages, written by ingest. */
    public String messages(String appId) {
        return prefix + "." + escape(appId);
    }

    /** The topic of the app's replays, which an operator requested. */
    public String replay(String appId) {
        return messages(appId) + REPLAY;
    }

    /** The compacted topic of the app's dead letters. */
    public String dead(String appId) {
        return messages(appId) + DEAD;
    }

    /** The compacted topic, for all apps, where ingest records the sessions that MQTT brokers keep for it. */
    public String sessions() {
        return prefix + "._sessions";
    }

    /** The compacted topic, for all apps, where dispatch keeps progress that does not fit into an offset commit. */
    public String progress() {
        return prefix + "._progress";
    }

    /** Whether Kafka accepts the names of all topics of this app. */
    public boolean fits(String appId) {
        return replay(appId).length() <= MAX_LENGTH;
    }

    private static String escape(String appId) {
        StringBuilder escaped = new StringBuilder(appId.length() + 8);
        for (byte b : appId.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (stays(c)) {
                escaped.append(c);
            } else {
                escaped.append('_').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
        }
        return escaped.toString();
    }

    private static boolean stays(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }
}
