package io.mqttrelay.ingest;

import io.mqttrelay.common.log.LineLimit;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Logs dropped messages and dead letters, at most one line per kind in ten seconds. Any thread. */
final class DropLog {
    private static final Logger LOG = LogManager.getLogger(DropLog.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int MAX_TOPIC = 200;

    private final LineLimit qos0;
    private final LineLimit noFilter;
    private final LineLimit tooLarge;
    private final LineLimit unreadable;
    private final LineLimit loop;

    /** @param nanoTime as {@link System#nanoTime} */
    DropLog(LongSupplier nanoTime) {
        this.qos0 = new LineLimit(INTERVAL, nanoTime);
        this.noFilter = new LineLimit(INTERVAL, nanoTime);
        this.tooLarge = new LineLimit(INTERVAL, nanoTime);
        this.unreadable = new LineLimit(INTERVAL, nanoTime);
        this.loop = new LineLimit(INTERVAL, nanoTime);
    }

    void qos0(String route) {
        long count = qos0.count();
        if (count > 0) {
            LOG.warn(
                    "{}: QoS 0 messages dropped, ingest cannot keep up or is not taking: {} since last told",
                    route,
                    count);
        }
    }

    /** @param removed the message came by a removed filter and is dropped */
    void noFilter(String route, String topic, boolean removed) {
        long count = noFilter.count();
        if (count > 0) {
            LOG.warn(
                    "{}: messages {} that match none of its filters, as {}: {} since last told; {}",
                    route,
                    removed ? "dropped" : "stored",
                    shown(topic),
                    count,
                    removed
                            ? "they came by a filter that was removed from the file"
                            : "the broker rewrites topics, or the session still has a filter that was removed from"
                                    + " the file before the start: change client_id to get a new session");
        }
    }

    /** A message that a relay has published, and that came back. */
    void loop(String route, String topic) {
        long count = loop.count();
        if (count > 0) {
            LOG.warn(
                    "{}: messages dropped that go round, as {}: {} since last told; an mqtt:// address publishes to a"
                            + " topic that a route of the same relay subscribes to, or more than 8 relays are in a row",
                    route,
                    shown(topic),
                    count);
        }
    }

    void unreadable(String route, String id, String why, String deadTopic) {
        long count = unreadable.count();
        if (count > 0) {
            LOG.warn(
                    "{}: message {} broke a rule of MQTT ({}) and is now a dead letter in {}: {} such since last told;"
                            + " mend the publisher, or let the broker check packets strictly",
                    route,
                    id,
                    why,
                    deadTopic,
                    count);
        }
    }

    /** @param size bytes of the payload */
    void tooLarge(String route, String id, String topic, long size, String deadTopic) {
        long count = tooLarge.count();
        if (count > 0) {
            LOG.warn(
                    "{}: message {} of topic {} with {} bytes is too large for Kafka and now a dead letter in {}: {} such"
                            + " since last told",
                    route,
                    id,
                    shown(topic),
                    size,
                    deadTopic,
                    count);
        }
    }

    /** Logs a lost message, without a limit on the lines. {@code size}: bytes of the payload. */
    void lost(String route, String id, String topic, long size, String why) {
        LOG.error(
                "{}: message {} of topic {} with {} bytes is lost, not even a dead letter can be stored: {}",
                route,
                id,
                shown(topic),
                size,
                why);
    }

    /** The topic, made safe for a log line. */
    static String shown(String topic) {
        String cut = topic.length() <= MAX_TOPIC ? topic : topic.substring(0, MAX_TOPIC) + "...";
        StringBuilder shown = new StringBuilder(cut.length());
        cut.chars().forEach(c -> {
            if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) {
                shown.append(String.format("\\u%04X", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }
}
