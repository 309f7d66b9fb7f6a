package io.mqttrelay.dispatch.lane;

import java.util.ArrayList;
import java.util.List;

/** Collects timer tasks under the lock of {@link Lanes}, and hands them to the timer after the lock is released. */
final class Alarms {
    private record Alarm(long nanos, Runnable task) {}

    private final Object lock;
    private final Lanes.Timer timer;
    private final List<Alarm> wanted = new ArrayList<>(); // guarded by the lock
    private volatile boolean any;

    Alarms(Object lock, Lanes.Timer timer) {
        this.lock = lock;
        this.timer = timer;
    }

    /** Adds a task; under the lock. */
    void want(long nanos, Runnable task) {
        wanted.add(new Alarm(nanos, task));
        any = true;
    }

    /** Hands all tasks to the timer; without the lock, after each time it was held. */
    void set() {
        if (!any) {
            return;
        }
        List<Alarm> now;
        synchronized (lock) {
            now = List.copyOf(wanted);
            wanted.clear();
            any = false;
        }
        now.forEach(alarm -> timer.after(alarm.nanos(), alarm.task()));
    }
}
