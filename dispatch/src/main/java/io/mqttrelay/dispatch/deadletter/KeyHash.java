package io.mqttrelay.dispatch.deadletter;

/** A 64 bit hash of a key in a partition of an app's dead topic: two of a million keys hardly ever have the same. */
final class KeyHash {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int BYTE = 0xff;

    private KeyHash() {}

    /** FNV-1a, mixed once more because a hash set looks at the low bits only. */
    static long of(String appId, int partition, byte[] key) {
        long hash = (OFFSET_BASIS ^ appId.hashCode()) * PRIME ^ partition;
        for (byte b : key) {
            hash = (hash ^ (b & BYTE)) * PRIME;
        }
        return (hash ^ (hash >>> 32)) * PRIME;
    }
}
