package io.mqttrelay.bench.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestTest {
    private final Request request = new Request();

    private boolean parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return request.parse(bytes, 0, bytes.length);
    }

    @Test
    void aRequestIsCompleteWithItsBody() {
        String head = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";

        assertThat(parse(head + "1234")).isFalse();
        assertThat(parse(head + "12345POST")).isTrue();
        assertThat(request.isPost()).isTrue();
        assertThat(request.pathOfPost()).isEqualTo('a');
        assertThat(request.bodyStart()).isEqualTo(head.length());
        assertThat(request.end()).isEqualTo(head.length() + 5);
    }

    @Test
    void headersMayBeInAnyCase() {
        assertThat(parse("POST /a HTTP/1.1\r\ncontent-length:2\r\ncontent-type: x\r\n\r\n{}"))
                .isTrue();
        assertThat(request.end() - request.bodyStart()).isEqualTo(2);
    }

    @Test
    void halfAHeadIsNotComplete() {
        assertThat(parse("POST /a HTTP/1.1\r\nContent-Len")).isFalse();
    }

    @Test
    void aQueryIsTakenApart() {
        assertThat(parse("GET /begin?expected=10&topics=2 HTTP/1.1\r\n\r\n")).isTrue();
        assertThat(request.isPost()).isFalse();
        assertThat(request.query()).containsEntry("expected", "10").containsEntry("topics", "2");
    }
}
