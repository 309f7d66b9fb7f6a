package io.mqttrelay.quickstart;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedLogsTest {
    static Iterable<String> advice() {
        return EmbeddedLogs.ADVICE;
    }

    /** A logger has the name of its class, so a renamed class would log its warnings again. */
    @ParameterizedTest
    @MethodSource("advice")
    void everyQuietLoggerIsAClassOfTheRelay(String name) {
        assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
    }
}
