package io.mqttrelay.common.thread;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A named thread that runs a {@link Role}. An exception that escapes from the role is a bug and goes to
 * {@code onFailure}.
 */
public final class RoleThread {
    private final Role role;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * @param name the thread's name
     * @param onFailure called on this thread, once, with the escaped exception: {@link Shutdown#fail} fits
     */
    public RoleThread(String name, Role role, Consumer<Throwable> onFailure) {
        this.role = role;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    /** Starts the thread; once. */
    public void start() {
        thread.start();
    }

    /** Asks the thread to end after the current step. Returns at once; any thread. */
    public void stop() {
        stopping = true;
    }

    /**
     * Waits for the thread to end.
     *
     * @return whether the thread has ended within {@code limit}
     */
    public boolean join(Duration limit) throws InterruptedException {
        thread.join(Math.max(1, limit.toMillis()));
        return !thread.isAlive();
    }

    private void run() {
        Throwable escaped = null;
        try {
            role.start();
            while (!stopping) {
                role.step();
            }
        } catch (Throwable e) {
            escaped = e;
        }
        escaped = close(escaped);
        if (escaped != null) {
            onFailure.accept(escaped);
        }
    }

    private @Nullable Throwable close(@Nullable Throwable escaped) {
        try {
            role.close();
        } catch (Throwable e) {
            if (escaped == null) {
                return e;
            }
            escaped.addSuppressed(e);
        }
        return escaped;
    }
}
