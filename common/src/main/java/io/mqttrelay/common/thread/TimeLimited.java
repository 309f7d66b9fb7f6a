package io.mqttrelay.common.thread;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A call that may block longer than its caller can wait, such as a DNS lookup. */
public final class TimeLimited {
    private TimeLimited() {}

    /**
     * Returns the result of {@code call}. The call runs on its own daemon thread, which continues after the limit.
     *
     * @param otherwise returned when the limit has passed
     */
    public static <T> T call(String thread, Duration limit, Supplier<T> call, Supplier<T> otherwise)
            throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(call::get);
        Thread running = new Thread(task, thread);
        running.setDaemon(true);
        running.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return otherwise.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a bug in " + thread, e.getCause());
        }
    }
}
