package io.mqttrelay.ingest.write;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
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
 */
public final class Unacked {
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

    /** The retries of the apps whose turn it is, in the order of their arrival. */
    private List<Runnable> turns() {
        List<Runnable> ready = List.of();
        for (Share head = queue.peek(); head != null && head.isServed(); head = queue.peek()) {
            queue.remove();
            head.queued = false;
            if (ready.isEmpty()) {
                ready = new ArrayList<>();
            }
            ready.addAll(head.takeWaiting());
        }
        return ready;
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
        private final List<Runnable> waiting = new ArrayList<>();
        private int users;
        private long used;
        private long qos0;
        private boolean queued;
        private long wanted;

        private Share(String appId) {
            this.appId = appId;
        }

        /** Closes the share for one route of the app. Its messages count until they are settled. */
        public void close() {
            List<Runnable> ready = List.of();
            synchronized (lock) {
                if (--users == 0) {
                    divide(apps - 1);
                    forgetIfEmpty(this);
                    ready = turns();
                }
            }
            ready.forEach(Runnable::run);
        }

        /**
         * Takes memory for a message if the app has enough.
         *
         * @return false: it has not enough now, and nothing was taken
         */
        public boolean reserve(int qos, long size) {
            synchronized (lock) {
                if (!fits(qos, size)) {
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
         * Calls {@code retry} once, on any thread, when a further {@link #reserve} of this size may succeed. It
         * leaves some margin, so that a connection does not stop and start for each message.
         */
        public void whenRoom(long size, Runnable retry) {
            List<Runnable> ready;
            synchronized (lock) {
                waiting.add(retry);
                wanted = Math.max(wanted, size);
                ready = ready(); // memory may have been freed since the request
            }
            ready.forEach(Runnable::run);
        }

        /** Removes a retry, because its connection has ended. */
        public void forget(Runnable retry) {
            List<Runnable> ready;
            synchronized (lock) {
                waiting.remove(retry);
                if (waiting.isEmpty()) {
                    wanted = 0;
                }
                ready = turns();
            }
            ready.forEach(Runnable::run);
        }

        /** Bytes of the app received and not yet acknowledged. */
        public long bytes() {
            synchronized (lock) {
                return used;
            }
        }

        private boolean fits(int qos, long size) {
            long limit = limit();
            if (used == 0) {
                return size <= limit || borrowed + borrowed(size) <= common + overdraft;
            }
            return used + size <= limit && (qos > 0 || qos0 + size <= limit / 2);
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

        private List<Runnable> ready() {
            List<Runnable> ready = List.of();
            if (!waiting.isEmpty()) {
                if (isRoomy()) {
                    ready = takeWaiting();
                } else if (used == 0 && !queued) {
                    queued = true;
                    queue.add(this);
                }
            }
            List<Runnable> others = turns();
            if (others.isEmpty()) {
                return ready;
            }
            others.addAll(ready);
            return others;
        }

        private boolean isRoomy() {
            if (used == 0) {
                return fits(1, wanted);
            }
            long limit = limit();
            long margin = limit / 4;
            // a large message never leaves the margin: it waits until the others of its app take no more than that
            return used + wanted <= limit - margin || (used <= margin && fits(1, wanted));
        }

        /** Whether the app needs no turn any more, or its turn has come. */
        private boolean isServed() {
            return waiting.isEmpty() || used > 0 || fits(1, wanted);
        }

        private List<Runnable> takeWaiting() {
            List<Runnable> taken = List.copyOf(waiting);
            waiting.clear();
            wanted = 0;
            return taken;
        }
    }
}
