package io.mqttrelay.dispatch.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records the calls of a gate. */
final class HeardGate implements Gate {
    final List<String> heard = new ArrayList<>();

    @Override
    public void shut(Target target, Duration openFor) {
        heard.add("shut for " + openFor);
    }

    @Override
    public void open(Target target) {
        heard.add("open");
    }

    @Override
    public void leaveAlone(Target target, Duration retryAfter) {
        heard.add("left alone for " + retryAfter);
    }
}
