package io.mqttrelay.common.record;

import org.jspecify.annotations.Nullable;

/**
 * What a dead letter says beyond the message itself.
 *
 * @param address the callback that did not get it; null: no address is known ({@code no_route}, {@code undecodable},
 *     {@code too_large})
 * @param attempts made so far, 0 or more
 * @param status the last answer's HTTP status; null: there was none
 * @param error one line for people, without secrets; cut to 1 KB where it is written
 * @param deadAt epoch milliseconds
 */
public record DeadLetter(
        DeadReason reason,
        @Nullable String address,
        int attempts,
        @Nullable Integer status,
        String error,
        long deadAt) {}
