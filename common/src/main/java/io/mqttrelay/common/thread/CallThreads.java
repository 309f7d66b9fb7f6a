package io.mqttrelay.common.thread;

import java.lang.Thread.UncaughtExceptionHandler;
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
 * Creates threads for calls that block on the network: a virtual thread per call on JVMs that have them (21 and
 * newer), else a bounded pool of platform threads. No other class makes this choice.
 */
public final class CallThreads {
    /**
     * Stack size in bytes. A call of an HTTP client needs far less, and a thousand threads reserve less than 256 MB.
     */
    private static final long STACK = 256L * 1024;

    private CallThreads() {}

    /** Whether {@link #create} uses virtual threads. */
    public static boolean virtual() {
        return perTaskExecutor() != null;
    }

    /**
     * Creates an executor that never refuses a call before it is shut down. Its threads are daemons.
     *
     * @param name the threads' name, a number is added
     * @param platformThreads maximum number of concurrent calls on a JVM without virtual threads; further calls
     *     queue
     */
    public static ExecutorService create(String name, int platformThreads) {
        return create(name, platformThreads, null);
    }

    /** @param onFailure gets the exception that escapes from a task; null: the process's own handler gets it */
    static ExecutorService create(String name, int platformThreads, @Nullable UncaughtExceptionHandler onFailure) {
        MethodHandle perTask = perTaskExecutor();
        if (perTask != null) {
            try {
                return (ExecutorService) perTask.invoke(virtualThreads(name, onFailure));
            } catch (Throwable e) {
                throw new IllegalStateException("this JVM has virtual threads but does not give them", e);
            }
        }
        return platform(name, platformThreads, onFailure);
    }

    /**
     * Creates platform threads on every JVM, for calls that may block inside a monitor. Otherwise as {@link #create}.
     */
    public static ExecutorService platform(String name, int threads) {
        return platform(name, threads, null);
    }

    static ExecutorService platform(String name, int threads, @Nullable UncaughtExceptionHandler onFailure) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, name + "-" + number.incrementAndGet(), STACK);
                    thread.setDaemon(true);
                    thread.setUncaughtExceptionHandler(onFailure);
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

    /** The factory {@code Thread.ofVirtual().name(name + "-", 1).uncaughtExceptionHandler(onFailure).factory()}. */
    private static ThreadFactory virtualThreads(String name, @Nullable UncaughtExceptionHandler onFailure)
            throws ReflectiveOperationException {
        Class<?> builder = Class.forName("java.lang.Thread$Builder");
        Object ofVirtual = Thread.class.getMethod("ofVirtual").invoke(null);
        Object named = builder.getMethod("name", String.class, long.class).invoke(ofVirtual, name + "-", 1L);
        if (onFailure != null) {
            builder.getMethod("uncaughtExceptionHandler", UncaughtExceptionHandler.class)
                    .invoke(named, onFailure);
        }
        return (ThreadFactory) builder.getMethod("factory").invoke(named);
    }
}
