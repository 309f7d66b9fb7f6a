package io.mqttrelay.common.config.change;

/** A valid configuration that cannot be applied. The message is for the operator and holds no secret. */
public final class UnusableConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public UnusableConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
