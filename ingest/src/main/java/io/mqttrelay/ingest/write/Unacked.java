package io.mqttrelay.ingest.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Divides the memory of {@code ingest.max_unacked} among the apps. Any thread.
 *
 * <p>Half of the memory is divided into equal parts, one for each app, which no other app can use. The other half is
 * common: an app may borrow at most half of the part that other apps have not borrowed, so that some of it is always
 * left. A single app has all of the memory.
 *
 * <p>An app without messages in memory may take one message of any size: for it, the common half may be overdrawn by
 * {@code overdraft} bytes. Beyond that, such messages wait for their turn. The sum never exceeds
 * {@code max + overdraft}, except for the first message of an app that fits into the app's own part.
 *
 * <p>The waiting messages of an app get memory in the order of their arrival, as soon as they fit and a quarter of the
 * app's limit is free. Until then no other message of the app gets memory. So the memory in use falls until a message
 * of any size fits. Only a message that other apps leave no memory for lets the others of its app pass.
 */
public final class Unacked {
    /** A message that waits; {@code retry} is called when its memory was taken. */
    private record Waiter(long size, Runnable retry) {}

    private final long max;
    private final long overdraft;
    private final Object lock = new Object(); // held for a few instructions, never during a call to another object
    private final Map<String, Share> shares = new HashMap<>();
    /** Apps without messages in memory that wait for the overdraft. */
    private final Deque<Share> queue = new ArrayDeque<>();

    private int apps;
    private long own;
    private long common;
    private long used;
    private long borrowed;

    /**
     * @param max bytes, {@code ingest.max_unacked}
     * @param overdraft bytes, at least the memory of the largest message
     */
    public Unacked(long max, long overdraft) {
        this.max = max;
        this.overdraft = overdraft;
        this.common = max;
    }

    /** Opens the share of an app; each call needs one {@link Share#close}. */
    public Share open(String appId) {
        synchronized (lock) {
            Share share = shares.computeIfAbsent(appId, Share::new);
            if (share.users++ == 0) {
                divide(apps + 1);
            }
            return share;
        }
    }

    private void divide(int among) {
        apps = among;
        own = among == 0 ? 0 : among == 1 ? max : max / 2 / among;
        common = max - among * own;
        borrowed = used == 0
                ? 0
                : shares.values().stream().mapToLong(Share::borrowed).sum();
    }

    private void forgetIfEmpty(Share share) {
        if (share.users == 0 && share.used == 0) {
            shares.remove(share.appId, share);
        }
    }

    /** Serves the apps whose turn it is, in the order of their arrival. */
    private void turns(List<Runnable> ready) {
        for (Share head = queue.peek(); head != null && head.needsNoTurn(); head = queue.peek()) {
            queue.remove();
            head.queued = false;
            head.serve(ready);
        }
    }

    /** Bytes received and not yet acknowledged. */
    public long bytes() {
        synchronized (lock) {
            return used;
        }
    }

    /** The apps whose messages wait for memory. */
    public List<String> full() {
        synchronized (lock) {
            return shares.values().stream()
                    .filter(share -> !share.waiting.isEmpty())
                    .map(share -> share.appId)
                    .sorted()
                    .toList();
        }
    }

    /** The memory of one app. Any thread. */
    public final class Share {
        private final String appId;
        private final Deque<Waiter> waiting = new ArrayDeque<>();
        private int users;
        private long used;
        private long qos0;
        private boolean queued;

        private Share(String appId) {
            this.appId = appId;
        }

        /** Closes the share for one route of the app. Its messages count until they are settled. */
        public void close() {
            List<Runnable> ready = new ArrayList<>();
            synchronized (lock) {
                if (--users == 0) {
                    divide(apps - 1);
                    forgetIfEmpty(this);
                    turns(ready);
                }
            }
            ready.forEach(Runnable::run);
        }

        /**
         * Takes memory for a message if the app has enough and no earlier message waits for it.
         *
         * @return false: it has not enough now, and nothing was taken
         */
        public boolean reserve(int qos, long size) {
            synchronized (lock) {
                if (isClosed() || !fits(qos, size)) {
                    return false;
                }
                add(qos, size);
                return true;
            }
        }

        /** Takes memory for a message that has arrived already. */
        public void take(int qos, long size) {
            synchronized (lock) {
                add(qos, size);
            }
        }

        /** Returns memory that was reserved or taken. */
        public void settled(int qos, long size) {
            List<Runnable> ready;
            synchronized (lock) {
                add(qos, -size);
                ready = ready();
                forgetIfEmpty(this);
            }
            ready.forEach(Runnable::run);
        }

        /**
         * Takes memory for a message of QoS 1 or 2 as soon as there is enough, then calls {@code retry} once, on any
         * thread. It leaves some margin, so that a connection does not stop and start for each message.
         */
        public void whenRoom(long size, Runnable retry) {
            List<Runnable> ready;
            synchronized (lock) {
                waiting.add(new Waiter(size, retry));
                ready = ready(); // memory may have been freed since the request
            }
            ready.forEach(Runnable::run);
        }

        /**
         * Removes a retry, because its connection has ended.
         *
         * @return false: its memory was taken before, and must be returned
         */
        public boolean forget(Runnable retry) {
            boolean waited;
            List<Runnable> ready;
            synchronized (lock) {
                waited = waiting.removeIf(waiter -> waiter.retry == retry);
                ready = ready();
            }
            ready.forEach(Runnable::run);
            return waited;
        }

        /** Bytes of the app received and not yet acknowledged. */
        public long bytes() {
            synchronized (lock) {
                return used;
            }
        }

        private boolean fits(int qos, long size) {
            long limit = limit();
            return used == 0 ? fitsAlone(size) : used + size <= limit && (qos > 0 || qos0 + size <= limit / 2);
        }

        /** Whether the app could take the message if it had no other one in memory. */
        private boolean fitsAlone(long size) {
            return size <= limit() || borrowed - borrowed() + borrowed(size) <= common + overdraft;
        }

        /** Whether a message waits for memory that other messages of the app have. */
        private boolean isClosed() {
            for (Waiter waiter : waiting) {
                if (fitsAlone(waiter.size)) {
                    return true;
                }
            }
            return false;
        }

        /** The app's limit while the other apps keep their present memory. */
        private long limit() {
            return own() + Math.max(0, common - borrowed + borrowed()) / 2;
        }

        private long own() {
            return users > 0 ? own : 0;
        }

        private long borrowed() {
            return borrowed(used);
        }

        private long borrowed(long held) {
            return Math.max(0, held - own());
        }

        private void add(int qos, long size) {
            borrowed -= borrowed();
            used += size;
            borrowed += borrowed();
            Unacked.this.used += size;
            if (qos == 0) {
                qos0 += size;
            }
        }

        /** Serves waiting messages after a change. Returns their retries. */
        private List<Runnable> ready() {
            if (waiting.isEmpty() && queue.isEmpty()) {
                return List.of();
            }
            List<Runnable> ready = new ArrayList<>();
            serve(ready);
            if (!waiting.isEmpty() && used == 0 && !queued) {
                queued = true;
                queue.add(this);
            }
            turns(ready);
            return ready;
        }

        /** Takes memory for the waiting messages, until one has to wait for others of the app. */
        private void serve(List<Runnable> ready) {
            long limit = limit();
            if (used > 0 && used > limit - limit / 4) {
                return;
            }
            for (Iterator<Waiter> each = waiting.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (fits(1, waiter.size)) {
                    each.remove();
                    add(1, waiter.size);
                    ready.add(waiter.retry);
                } else if (fitsAlone(waiter.size)) {
                    return;
                }
            }
        }

        /** Whether no message of the app waits for the overdraft, or the overdraft suffices now. */
        private boolean needsNoTurn() {
            return waiting.isEmpty() || used > 0 || isClosed();
        }
    }
}
