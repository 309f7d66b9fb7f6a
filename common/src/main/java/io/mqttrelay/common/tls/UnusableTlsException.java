package io.mqttrelay.common.tls;

/** TLS that cannot be set up as configured. The message names the file and the reason, without a secret. */
public final class UnusableTlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableTlsException(String message) {
        super(message);
    }

    UnusableTlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
