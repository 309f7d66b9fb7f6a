package io.mqttrelay.dispatch.consume;

import java.util.concurrent.atomic.AtomicLong;

/** What one app's messages hold of this dispatcher's memory. */
final class AppWindow {
    private final String appId;
    private final AtomicLong bytes = new AtomicLong();

    AppWindow(String appId) {
        this.appId = appId;
    }

    String appId() {
        return appId;
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
