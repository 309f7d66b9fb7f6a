package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.record.RelayMessage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of attempts that were cut, by their messages. The server may still work for such a session, and may have
 * got its commit. The next attempt of the message therefore waits until the session is gone, or until the server's own
 * limit has passed. Any thread.
 */
final class OldSessions {
    private static final long LOOK_MILLIS = 50;

    /**
     * One session.
     *
     * @param until the server has ended it at this time at the latest, in the terms of {@link System#nanoTime}
     */
    private record Old(String number, long until) {
        boolean mayRun() {
            return until - System.nanoTime() > 0;
        }
    }

    private final Map<String, Old> byMessage = new ConcurrentHashMap<>();

    /** Remembers the session of an attempt that was cut. */
    void add(List<RelayMessage> messages, @Nullable String number, Duration limit) {
        byMessage.values().removeIf(old -> !old.mayRun());
        if (number != null) {
            Old old = new Old(number, System.nanoTime() + limit.toNanos());
            messages.forEach(message -> byMessage.put(message.id(), old));
        }
    }

    /**
     * Waits until no session of earlier attempts of these messages runs.
     *
     * @param deadline in the terms of {@link System#nanoTime}
     * @return whether it is so; false: the deadline came first
     */
    boolean awaitEnd(List<RelayMessage> messages, Connection connection, DatabaseSession session, long deadline)
            throws SQLException, InterruptedException {
        for (Old old : of(messages)) {
            while (old.mayRun() && session.runs(connection, old.number)) {
                connection.rollback(); // PostgreSQL answers the same within one transaction
                if (deadline - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
                    return false;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
        messages.forEach(message -> byMessage.remove(message.id()));
        return true;
    }

    private Set<Old> of(List<RelayMessage> messages) {
        if (byMessage.isEmpty()) {
            return Set.of();
        }
        List<Old> all = new ArrayList<>();
        for (RelayMessage message : messages) {
            Old old = byMessage.get(message.id());
            if (old != null) {
                all.add(old);
            }
        }
        return new LinkedHashSet<>(all);
    }
}
