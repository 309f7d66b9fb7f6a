package io.mqttrelay.common.tls;

/** A PEM text that cannot be used; the message says why, in words that follow the file's name, without a secret. */
public final class UnusablePemException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusablePemException(String why) {
        super(why);
    }

    /** Why, one line. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
