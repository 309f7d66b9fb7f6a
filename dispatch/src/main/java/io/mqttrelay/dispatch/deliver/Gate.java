package io.mqttrelay.dispatch.deliver;

import java.time.Duration;

/** Notified by attempts of consequences for the whole address. Called on call threads; must not block. */
public interface Gate {
    /** Sends nothing to the address for this time, which may be zero; then one probe. */
    void shut(Target target, Duration openFor);

    /** The address works again. */
    void open(Target target);

    /** Sends nothing to the address for the time of its {@code Retry-After}. */
    void leaveAlone(Target target, Duration retryAfter);
}
