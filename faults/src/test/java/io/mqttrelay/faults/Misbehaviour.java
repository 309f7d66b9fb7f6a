package io.mqttrelay.faults;

import io.mqttrelay.testkit.http.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Answers that no server should give. */
final class Misbehaviour {
    private static final int BLOCK = 64 * 1024;

    private Misbehaviour() {}

    /** A {@code Retry-After} that is a date. */
    static Answer comeBackIn(Duration wait) {
        return exchange -> {
            ZonedDateTime then = ZonedDateTime.now(ZoneOffset.UTC).plus(wait);
            Answer.retryAfter(429, DateTimeFormatter.RFC_1123_DATE_TIME.format(then))
                    .give(exchange);
        };
    }

    /** 200 and this many bytes. */
    static Answer body(int bytes) {
        return exchange -> {
            exchange.head(200, List.of("Content-Length: " + bytes));
            String block = "x".repeat(BLOCK);
            for (int left = bytes; left > 0 && exchange.isOpen(); left -= BLOCK) {
                exchange.write(block);
            }
        };
    }

    /** Informational answers for ever, and never a final one. */
    static Answer endlessHints() {
        return exchange -> {
            while (exchange.isOpen()) {
                exchange.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                exchange.pause(Duration.ofMillis(10));
            }
        };
    }

    /** 200 and this many bytes of headers. */
    static Answer headers(int bytes) {
        return exchange -> {
            StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
            for (int i = 0; head.length() < bytes; i++) {
                head.append("X-")
                        .append(i)
                        .append(": ")
                        .append("x".repeat(1000))
                        .append("\r\n");
            }
            exchange.write(head.append("\r\n").toString());
        };
    }

    /** 200 and a small body that declares a large one. */
    static Answer gzipBomb(int bytes) {
        byte[] bomb = gzip(bytes);
        return exchange -> exchange.answer(200, List.of("Content-Encoding: gzip"), bomb);
    }

    private static byte[] gzip(int zeros) {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (OutputStream large = new GZIPOutputStream(small)) {
            for (int left = zeros; left > 0; left -= BLOCK) {
                large.write(new byte[BLOCK]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return small.toByteArray();
    }

    /** 204, which has no body, with one. */
    static Answer bodyOf204() {
        return announced(204, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");
    }

    /** 200 and a length that cannot be. */
    static Answer negativeLength() {
        return announced(200, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n");
    }

    private static Answer announced(int status, String answer) {
        return exchange -> {
            exchange.announce(status);
            exchange.write(answer);
            exchange.close();
        };
    }
}
