package io.mqttrelay.common.tls;

/**
 * A PEM text that cannot be used. The message is the reason, in words that follow the file's name, without a secret.
 */
public final class UnusablePemException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusablePemException(String why) {
        super(why);
    }

    /** The reason, one line. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
