package io.mqttrelay.testkit.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The behaviour of a callback for one request, after the request was recorded. Called on the connection's thread. */
@FunctionalInterface
public interface Answer {
    void give(Exchange exchange) throws IOException;

    /** A status and no body. */
    static Answer status(int status) {
        return exchange -> exchange.answer(status, List.of(), new byte[0]);
    }

    /** A status, headers as {@code Name: value}, and a body. */
    static Answer status(int status, String body, String... headers) {
        return exchange -> exchange.answer(status, List.of(headers), body.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code 429} or {@code 503} with a {@code Retry-After} of any text. */
    static Answer retryAfter(int status, String value) {
        return status(status, "", "Retry-After: " + value);
    }

    static Answer redirect(int status, String location) {
        return status(status, "", "Location: " + location);
    }

    /** Waits, then answers. */
    static Answer after(Duration wait, Answer then) {
        return exchange -> {
            exchange.pause(wait);
            then.give(exchange);
        };
    }

    /** Does not answer until the server closes or the caller disconnects. */
    static Answer hang() {
        return Exchange::hang;
    }

    /** Sends a status line and headers that promise a body, and nothing more. */
    static Answer hangAfterHeaders(int status) {
        return exchange -> {
            exchange.head(status, List.of("Content-Length: 10"));
            exchange.hang();
        };
    }

    /** Sends half of the promised body, then ends the connection. */
    static Answer endInBody(int status) {
        return exchange -> {
            exchange.head(status, List.of("Content-Length: 10"));
            exchange.write("12345");
            exchange.close();
        };
    }

    /** Sends the whole answer, including its head, one byte at a time. */
    static Answer drip(int status, Duration everyByte) {
        return exchange -> {
            exchange.announce(status);
            String answer = "HTTP/1.1 " + status + " Drip\r\nContent-Length: 4\r\n\r\nslow";
            for (int i = 0; i < answer.length(); i++) {
                exchange.write(answer.substring(i, i + 1));
                exchange.pause(everyByte);
            }
        };
    }

    /** Sends an endless body. */
    static Answer endless(int status) {
        return exchange -> {
            exchange.head(status, List.of("Content-Type: text/plain", "Connection: close"));
            String block = "x".repeat(1024);
            while (exchange.isOpen()) {
                exchange.write(block);
                exchange.pause(Duration.ofMillis(1));
            }
            exchange.close();
        };
    }

    /** Ends the connection without an answer. */
    static Answer close() {
        return Exchange::close;
    }

    /** Resets the connection without an answer. */
    static Answer reset() {
        return Exchange::reset;
    }

    /** Sends bytes that are not HTTP, then ends the connection. */
    static Answer garbage() {
        return bytes("\u0000\u0001 this is not HTTP at all\r\n\r\n");
    }

    /** Sends exactly these characters, one byte each, then ends the connection. */
    static Answer bytes(String latin1) {
        return exchange -> {
            exchange.write(latin1);
            exchange.close();
        };
    }

    /** Waits for the latch, or until the server closes; then answers. */
    static Answer heldUntil(CountDownLatch released, Answer then) {
        return exchange -> {
            exchange.await(released);
            then.give(exchange);
        };
    }

    /** Gives one answer after the other; the last one repeats. */
    static Answer inTurn(Answer... answers) {
        AtomicInteger next = new AtomicInteger();
        return exchange -> answers[Math.min(next.getAndIncrement(), answers.length - 1)].give(exchange);
    }

    /** Gives {@code first} to the first {@code count} requests and {@code then} to all later ones. */
    static Answer first(int count, Answer first, Answer then) {
        AtomicInteger seen = new AtomicInteger();
        return exchange -> (seen.getAndIncrement() < count ? first : then).give(exchange);
    }
}
