package io.mqttrelay.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RootCauseTest {
    private final IOException inner = new IOException("connection reset");
    private final Exception outer = new IllegalStateException("outer", new RuntimeException("between", inner));

    @Test
    void isTheInnermostCause() {
        assertThat(RootCause.of(outer)).isSameAs(inner);
        assertThat(RootCause.of(inner)).isSameAs(inner);
        assertThat(RootCause.message(outer)).isEqualTo("connection reset");
    }

    @Test
    void withoutAMessageTheClassIsNamed() {
        assertThat(RootCause.message(new RuntimeException("outer", new EOFException())))
                .isEqualTo("EOFException");
    }

    @Test
    void findsATypeAnywhereInTheChain() {
        assertThat(RootCause.has(outer, IllegalStateException.class)).isTrue();
        assertThat(RootCause.has(outer, IOException.class)).isTrue();
        assertThat(RootCause.has(outer, EOFException.class)).isFalse();
    }

    @Test
    void endsInACycle() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));

        assertThat(RootCause.message(first)).isIn("first", "second");
        assertThat(RootCause.has(first, EOFException.class)).isFalse();
    }
}
