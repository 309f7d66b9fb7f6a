package io.mqttrelay.dispatch.progress;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes progress records, and the metadata of a commit that names one. The metadata is a version byte,
 * the offset, the record, and for each address the lanes that ended since the record. Then follows a text as {@link
 * ProgressCodec} writes it, in which blocked lanes are those that changed since the record.
 */
final class SnapshotCodec {
    private static final byte CHANGES = 6;

    private SnapshotCodec() {}

    /**
     * The metadata of a commit without a progress record.
     *
     * @param most bytes, before base64
     * @return null: the progress does not fit, because of its blocked lanes
     */
    static @Nullable String whole(PartitionProgress progress, long position, int most) {
        int lanes = 0;
        for (AddressProgress each : progress.addresses().values()) {
            lanes += each.lanes().size();
        }
        if (lanes == 0) {
            return ProgressCodec.encode(progress, position);
        }
        try {
            byte[] bytes = lanes > most / LaneKey.BYTES ? null : ProgressCodec.bytes(progress.addresses(), position);
            return bytes == null || bytes.length > most ? null : text(bytes);
        } catch (IllegalStateException e) {
            return ProgressCodec.encode(progress, position); // with all that can be written
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Encodes a record of all progress.
     *
     * @throws IllegalStateException if it cannot be written
     */
    static byte[] record(PartitionProgress progress, long position, long nonce) {
        byte[] bytes = ProgressCodec.bytes(progress.addresses(), position);
        return ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(nonce)
                .put(bytes)
                .array();
    }

    /** Decodes a record; null: there is none, or its random number is another. */
    static @Nullable PartitionProgress ofRecord(byte @Nullable [] record, long nonce) {
        if (record == null) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(record);
            if (bytes.getLong() != nonce) {
                return null;
            }
            ByteBuffer ahead = bytes.duplicate();
            ahead.get(); // its version
            return ProgressCodec.decode(bytes, VarBytes.number(ahead));
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return null;
        }
    }

    /**
     * The metadata of a commit that names a record.
     *
     * @param recorded the blocked lanes of the record, by address
     */
    static String changes(PartitionProgress progress, long position, Snapshot named, Map<Long, LaneOffsets> recorded) {
        Map<Long, AddressProgress> changed = new LinkedHashMap<>();
        Map<Long, LaneOffsets> ended = new LinkedHashMap<>();
        progress.addresses().forEach((key, each) -> {
            LaneOffsets before = recorded.getOrDefault(key, LaneOffsets.NONE);
            LaneOffsets gone = before.without(each.lanes());
            changed.put(key, each.with(each.lanes().changedSince(before)));
            if (!gone.isEmpty()) {
                ended.put(key, gone);
            }
        });
        try {
            return text(fitting(changed, ended, recorded, named, position));
        } catch (IllegalStateException e) {
            return ProgressCodec.encode(progress, position);
        }
    }

    /**
     * Leaves out, until it fits: first attempts, then progress of recorded lanes, whose records are delivered again,
     * then more of an address.
     */
    private static byte[] fitting(
            Map<Long, AddressProgress> changed,
            Map<Long, LaneOffsets> ended,
            Map<Long, LaneOffsets> recorded,
            Snapshot named,
            long position) {
        boolean all = leaveOutWhatNeverFits(changed, ended, recorded);
        byte[] bytes = bytes(changed, ended, named, position, all);
        for (int most = ProgressCodec.MAX_BYTES; isTooLong(bytes) && most > 0; ) {
            most = most * 3 / 4;
            int attempts = most;
            changed.replaceAll((key, each) -> each.nearestAttempts(attempts));
            bytes = bytes(changed, ended, named, position, false);
        }
        if (isTooLong(bytes)) {
            ended.clear();
            changed.replaceAll((key, each) -> onlyNotRecorded(key, each, recorded));
            bytes = bytes(changed, ended, named, position, false);
        }
        for (int most = ProgressCodec.MAX_BYTES; isTooLong(bytes) && most > 0; ) {
            most = most * 3 / 4;
            int items = most;
            changed.replaceAll((key, each) -> each.nearest(items));
            bytes = bytes(changed, ended, named, position, false);
        }
        if (isTooLong(bytes)) {
            throw new IllegalStateException("more addresses than there is room for");
        }
        return bytes;
    }

    /** Shortens progress that cannot fit; returns whether all attempts are left. */
    private static boolean leaveOutWhatNeverFits(
            Map<Long, AddressProgress> changed, Map<Long, LaneOffsets> ended, Map<Long, LaneOffsets> recorded) {
        int lanes = 0;
        int attempts = 0;
        for (AddressProgress each : changed.values()) {
            lanes += each.lanes().size();
            attempts += each.attempts().size();
        }
        for (LaneOffsets each : ended.values()) {
            lanes += each.size();
        }
        if (lanes > ProgressCodec.MAX_BYTES / LaneKey.BYTES) {
            ended.clear();
            changed.replaceAll((key, each) -> onlyNotRecorded(key, each, recorded));
        }
        changed.replaceAll((key, each) -> ProgressCodec.atMost(each));
        int left = 0;
        for (AddressProgress each : changed.values()) {
            left += each.attempts().size();
        }
        return left == attempts;
    }

    /**
     * Keeps the lanes that the record would not deliver again completely: new ones, and those whose first record was
     * still in memory when the record was written, and was dropped since.
     */
    private static AddressProgress onlyNotRecorded(long key, AddressProgress each, Map<Long, LaneOffsets> recorded) {
        return each.with(each.lanes().notReachedBy(recorded.getOrDefault(key, LaneOffsets.NONE)));
    }

    private static boolean isTooLong(byte[] bytes) {
        return bytes.length > ProgressCodec.MAX_BYTES;
    }

    private static byte[] bytes(
            Map<Long, AddressProgress> changed,
            Map<Long, LaneOffsets> ended,
            Snapshot named,
            long position,
            boolean allAttempts) {
        VarBytes bytes = new VarBytes();
        bytes.one(CHANGES);
        bytes.number(position);
        bytes.number(named.number());
        bytes.eight(named.nonce());
        bytes.number(named.place().partition());
        bytes.number(named.place().offset());
        bytes.one((byte) (allAttempts ? 1 : 0));
        bytes.number(ended.size());
        ended.forEach((key, lanes) -> {
            bytes.eight(key);
            bytes.number(lanes.size());
            for (int i = 0; i < lanes.size(); i++) {
                bytes.six(lanes.lane(i));
            }
        });
        byte[] head = bytes.toArray();
        byte[] rest = ProgressCodec.bytes(changed, position);
        return ByteBuffer.allocate(head.length + rest.length)
                .put(head)
                .put(rest)
                .array();
    }

    /** The changes in a commit at this offset since its progress record; null: it names none. */
    static Snapshot.@Nullable Changes read(@Nullable String text, long position) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            if (bytes.get() != CHANGES || VarBytes.number(bytes) != position) {
                return null;
            }
            Snapshot named = new Snapshot(
                    VarBytes.number(bytes),
                    bytes.getLong(),
                    new ProgressStore.Place(Math.toIntExact(VarBytes.number(bytes)), VarBytes.number(bytes)));
            boolean allAttempts = bytes.get() != 0;
            Map<Long, LaneOffsets> ended = new LinkedHashMap<>();
            for (long left = VarBytes.number(bytes); left > 0; left--) {
                long key = bytes.getLong();
                Map<Long, Long> lanes = new LinkedHashMap<>();
                for (long more = VarBytes.number(bytes); more > 0; more--) {
                    lanes.put(VarBytes.six(bytes), position);
                }
                ended.put(key, LaneOffsets.of(lanes));
            }
            return new Snapshot.Changes(named, ProgressCodec.decode(bytes, position), ended, allAttempts);
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return null;
        }
    }
}
