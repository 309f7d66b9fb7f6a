package io.mqttrelay.common.config;

/** A file that reads well and still cannot be applied; the message is for people and holds no secret. */
public final class UnusableConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public UnusableConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
