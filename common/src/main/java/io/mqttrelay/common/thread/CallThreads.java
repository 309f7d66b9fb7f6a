package io.mqttrelay.common.thread;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for calls that block on a network: a virtual thread per call where the JVM has them (21 and newer), else a
 * bounded pool of platform threads. The one place that knows which.
 */
public final class CallThreads {
    /** Bytes; a call of an HTTP client stays far below it, and a thousand threads stay below 256 MB of reserve. */
    private static final long STACK = 256L * 1024;

    private CallThreads() {}

    /** Whether {@link #create} gives virtual threads. */
    public static boolean virtual() {
        return perTaskExecutor() != null;
    }

    /**
     * An executor that never refuses a call before it is shut down. Its threads are daemons.
     *
     * @param name the threads' name, a number is added
     * @param platformThreads how many calls run at once on a JVM without virtual threads; the others queue
     */
    public static ExecutorService create(String name, int platformThreads) {
        MethodHandle perTask = perTaskExecutor();
        if (perTask != null) {
            try {
                return (ExecutorService) perTask.invoke(virtualThreads(name));
            } catch (Throwable e) {
                throw new IllegalStateException("this JVM has virtual threads but does not give them", e);
            }
        }
        return platform(name, platformThreads);
    }

    static ExecutorService platform(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, name + "-" + number.incrementAndGet(), STACK);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static @Nullable MethodHandle perTaskExecutor() {
        try {
            Thread.class.getMethod("ofVirtual");
            return MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class, ThreadFactory.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** {@code Thread.ofVirtual().name(name + "-", 1).factory()}. */
    private static ThreadFactory virtualThreads(String name) throws ReflectiveOperationException {
        Class<?> builder = Class.forName("java.lang.Thread$Builder");
        Object ofVirtual = Thread.class.getMethod("ofVirtual").invoke(null);
        Object named = builder.getMethod("name", String.class, long.class).invoke(ofVirtual, name + "-", 1L);
        return (ThreadFactory) builder.getMethod("factory").invoke(named);
    }
}
