package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class ConnectionFailureTest {
    /** As Netty's. */
    private static final class NotSslRecordException extends SSLException {
        private static final long serialVersionUID = 1;

        NotSslRecordException(String message) {
            super(message);
        }
    }

    @Test
    void showsTheInnermostMessageOnOneLine() {
        assertThat(ConnectionFailure.text(new RuntimeException("outer", new IOException("Connection\nreset"))))
                .isEqualTo("Connection reset");
    }

    @Test
    void showsNothingOfWhatArrivedWhereTlsWasExpected() {
        NotSslRecordException failure = new NotSslRecordException("not an SSL/TLS record: 7061796c6f6164");
        assertThat(ConnectionFailure.text(new IOException(failure))).isEqualTo("what arrived is not TLS");
    }

    @Test
    void cutsWhatIsTooLongForALine() {
        assertThat(ConnectionFailure.text(new IOException("x".repeat(100_000)))).hasSizeLessThan(1000);
    }
}
