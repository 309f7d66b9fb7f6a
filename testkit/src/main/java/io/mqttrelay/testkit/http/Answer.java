package io.mqttrelay.testkit.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What a callback does with a request, after it was written down. Called on the connection's thread. */
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

    /** A late answer. */
    static Answer after(Duration wait, Answer then) {
        return exchange -> {
            exchange.pause(wait);
            then.give(exchange);
        };
    }

    /** No answer at all, until the server closes or the caller goes away. */
    static Answer hang() {
        return Exchange::hang;
    }

    /** A status line and headers that promise a body; then nothing more. */
    static Answer hangAfterHeaders(int status) {
        return exchange -> {
            exchange.head(status, List.of("Content-Length: 10"));
            exchange.hang();
        };
    }

    /** Half of the promised body; then the connection ends. */
    static Answer endInBody(int status) {
        return exchange -> {
            exchange.head(status, List.of("Content-Length: 10"));
            exchange.write("12345");
            exchange.close();
        };
    }

    /** The answer one byte at a time, head and all. */
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

    /** A body without end. */
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

    /** The connection ends without an answer. */
    static Answer close() {
        return Exchange::close;
    }

    /** The connection is reset without an answer. */
    static Answer reset() {
        return Exchange::reset;
    }

    /** Bytes that are not HTTP; then the connection ends. */
    static Answer garbage() {
        return bytes("\u0000\u0001 this is not HTTP at all\r\n\r\n");
    }

    /** Exactly these characters, one byte each; then the connection ends. */
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

    /** One after the other; the last one from then on. */
    static Answer inTurn(Answer... answers) {
        AtomicInteger next = new AtomicInteger();
        return exchange -> answers[Math.min(next.getAndIncrement(), answers.length - 1)].give(exchange);
    }

    /** The first so many requests get one answer, all later ones the other. */
    static Answer first(int count, Answer first, Answer then) {
        AtomicInteger seen = new AtomicInteger();
        return exchange -> (seen.getAndIncrement() < count ? first : then).give(exchange);
    }
}
