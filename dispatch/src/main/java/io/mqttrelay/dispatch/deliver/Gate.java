package io.mqttrelay.dispatch.deliver;

import java.time.Duration;

/** Told by attempts what follows for the whole address. Called on call threads; must not block. */
public interface Gate {
    /** Nothing is sent to it for so long; then one probe. */
    void shut(Target target, Duration openFor);

    /** It works again. */
    void open(Target target);

    /** It asked to be left alone for so long. */
    void leaveAlone(Target target, Duration retryAfter);
}
