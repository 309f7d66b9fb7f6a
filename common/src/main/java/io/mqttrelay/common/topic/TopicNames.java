package io.mqttrelay.common.topic;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The Kafka topics of an app: {@code <prefix>.<app>} for messages, {@code .replay} for deliveries sent again on request,
 * {@code .dead} for open failures. In an app_id, ASCII letters, digits and {@code -} stay; every other character is
 * written as {@code _} and two upper-case hex digits for each of its UTF-8 bytes, so that two app_ids never share a
 * topic, nor differ only in what Kafka's metrics fold together ({@code .} and {@code _}).
 */
public final class TopicNames {
    /** Kafka's limit on a topic's name. */
    public static final int MAX_LENGTH = 249;

    private static final String REPLAY = ".replay";
    private static final String DEAD = ".dead";

    private final String prefix;

    /** @param prefix {@code kafka.topic_prefix}, made of what Kafka allows in a topic's name */
    public TopicNames(String prefix) {
        this.prefix = prefix;
    }

    /** The topic that ingest writes the app's messages to. */
    public String messages(String appId) {
        return prefix + "." + escape(appId);
    }

    /** The topic of the app's deliveries that an operator asked for again. */
    public String replay(String appId) {
        return messages(appId) + REPLAY;
    }

    /** The compacted topic of the app's open failures. */
    public String dead(String appId) {
        return messages(appId) + DEAD;
    }

    /** Whether Kafka takes the names of all topics of this app. */
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
