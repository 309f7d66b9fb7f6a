package io.mqttrelay.dispatch.consume;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What one app's messages hold of this dispatcher's memory. */
final class AppWindow {
    private final ConsumedApp app;
    private final AtomicLong bytes = new AtomicLong();

    AppWindow(ConsumedApp app) {
        this.app = app;
    }

    String appId() {
        return app.appId();
    }

    List<Long> addresses() {
        return app.addresses();
    }

    void hold(long more) {
        bytes.addAndGet(more);
    }

    void release(long fewer) {
        bytes.addAndGet(-fewer);
    }

    long bytes() {
        return bytes.get();
    }
}
