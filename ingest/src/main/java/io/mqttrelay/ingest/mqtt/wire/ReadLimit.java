package io.mqttrelay.ingest.mqtt.wire;

/** Decides which messages of a route are read, before their bytes are read. Any thread; must not block. */
public interface ReadLimit {
    /** The decision about a PUBLISH packet. */
    enum Decision {
        /** The packet is read; its memory was taken. */
        READ,
        /** The packet and everything behind it stay unread until there is memory. */
        WAIT,
        /** The packet is discarded unread. */
        SKIP
    }

    /** Reads everything. */
    ReadLimit UNLIMITED = new ReadLimit() {
        @Override
        public Decision ask(int qos, long bytes) {
            return Decision.READ;
        }

        @Override
        public void settled(int qos, long bytes) {
            // nothing is counted
        }

        @Override
        public void whenRoom(long bytes, Runnable retry) {
            throw new IllegalStateException("nothing waits");
        }

        @Override
        public void forget(Runnable retry) {
            // nothing waits
        }

        @Override
        public long maxMessage() {
            return Long.MAX_VALUE;
        }
    };

    /** Decides about a packet that takes {@code bytes} of memory. */
    Decision ask(int qos, long bytes);

    /** Gives back memory that {@link #ask} took. */
    void settled(int qos, long bytes);

    /** Calls {@code retry} once, on any thread, when another {@link #ask} for a waiting packet may succeed. */
    void whenRoom(long bytes, Runnable retry);

    /** Calls {@code retry} no more. */
    void forget(Runnable retry);

    /** The largest PUBLISH packet that is read whole, bytes. */
    long maxMessage();
}
