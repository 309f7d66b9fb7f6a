package io.mqttrelay.dispatch.sink;

import org.jspecify.annotations.Nullable;

/**
 * The answer of a target in the terms of its protocol, for people: in dead letters, logs and meters. No decision depends
 * on it, because {@link SinkResult} has its meaning.
 *
 * @param status number of the answer, such as a status of HTTP; null: the protocol has no such number
 * @param statusClass label for meters: one of few values, such as {@code 2xx}
 */
public record Answer(@Nullable Integer status, String statusClass) {
    /** The status; null: there was no answer, or it has no number. */
    public static @Nullable Integer statusOf(@Nullable Answer answer) {
        return answer == null ? null : answer.status();
    }
}
