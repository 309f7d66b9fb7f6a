package io.mqttrelay.dispatch.progress;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Encodes a {@link PartitionProgress} as the metadata of a committed offset. The text is base64 of a version byte, the offset
 * and, for each address, its open ranges, its tail and its failed attempts, as variable-length differences. If not
 * everything fits into the metadata that brokers accept by default, the lowest offsets are kept. A text of another
 * version, of another offset or of another program decodes as no progress.
 */
public final class ProgressCodec {
    private static final Logger log = LogManager.getLogger(ProgressCodec.class);

    /** Version with one tail for all addresses and no attempts: written before each address had a cursor. */
    private static final byte ONE_END = 1;

    /** Version relative to its committed offset, without naming it: written before the first release. */
    private static final byte NO_POSITION = 2;

    /**
     * Version that names its offset: tools that copy offsets to another cluster change the offset, and not the
     * metadata.
     */
    private static final byte CURSORS = 3;

    /** Version with the time of each delivery's first failure, in seconds after the earliest such time. */
    private static final byte TIMES = 4;

    /** Version with blocked lanes. Written only where there are any. */
    private static final byte LANES = 5;

    /** The text is of an earlier version. */
    private static final long NO_TIMES = -1;

    private static final long MILLIS = 1000;

    /** {@code offset.metadata.max.bytes} is 4096 by default; base64 makes four bytes of three. */
    static final int MAX_BYTES = 4096 / 4 * 3;

    private ProgressCodec() {}

    /**
     * Encodes the progress, also of addresses without open records: a dispatcher that does not know an address must
     * find it here, to keep it in later commits. Entries that cannot be written are left out, such as attempts of an
     * offset that is no longer in the log. This costs repeated deliveries after a crash.
     */
    public static String encode(PartitionProgress progress, long position) {
        try {
            return text(progress, position);
        } catch (IllegalStateException e) {
            log.warn(
                    "progress at {} cannot be written in full, is committed without attempts: {}",
                    position,
                    e.getMessage());
        }
        Map<Long, AddressProgress> untried = new LinkedHashMap<>(progress.addresses());
        untried.replaceAll((key, each) -> each.nearestAttempts(0));
        try {
            return text(new PartitionProgress(untried), position);
        } catch (IllegalStateException e) {
            log.warn("progress at {} cannot be written, the position alone is committed: {}", position, e.getMessage());
            return "";
        }
    }

    private static String text(PartitionProgress progress, long position) {
        byte[] bytes = bytes(progress.addresses(), position);
        if (bytes.length > MAX_BYTES) {
            bytes = nearest(progress.addresses(), position);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Leaves out attempts first, which are only counted again from 0, then the highest ranges, whose records are
     * delivered again.
     */
    private static byte[] nearest(Map<Long, AddressProgress> addresses, long position) {
        Map<Long, AddressProgress> kept = new LinkedHashMap<>(addresses);
        kept.replaceAll((key, each) -> atMost(each)); // avoids many rounds for a progress that is far too large
        byte[] bytes = bytes(kept, position);
        for (int most = MAX_BYTES; bytes.length > MAX_BYTES && most > 0; bytes = bytes(kept, position)) {
            most = most * 3 / 4;
            int attempts = most;
            kept.replaceAll((key, each) -> each.nearestAttempts(attempts));
        }
        for (int most = MAX_BYTES; bytes.length > MAX_BYTES && most > 0; bytes = bytes(kept, position)) {
            most = most * 3 / 4;
            int runs = most;
            kept.replaceAll((key, each) -> each.nearest(runs));
        }
        // more addresses than fit: those left out begin at the committed offset
        for (; bytes.length > MAX_BYTES; bytes = bytes(kept, position)) {
            List<Long> keys = new ArrayList<>(kept.keySet());
            keys.subList(keys.size() * 3 / 4, keys.size()).forEach(kept::remove);
        }
        return bytes;
    }

    /** Limits ranges, lanes and attempts to the number of bytes. */
    static AddressProgress atMost(AddressProgress each) {
        AddressProgress nearest = each.nearest(MAX_BYTES);
        return nearest.attempts().size() <= MAX_BYTES ? nearest : nearest.nearestAttempts(0);
    }

    /**
     * Encodes all of the progress, without a limit of length.
     *
     * @throws IllegalStateException if it cannot be written
     */
    static byte[] bytes(Map<Long, AddressProgress> addresses, long position) {
        VarBytes bytes = new VarBytes();
        long earliest = earliest(addresses);
        boolean lanes =
                addresses.values().stream().anyMatch(each -> !each.lanes().isEmpty());
        bytes.one(lanes ? LANES : TIMES);
        bytes.number(position);
        bytes.number(earliest);
        bytes.number(addresses.size());
        addresses.forEach((key, progress) -> {
            bytes.eight(key);
            bytes.number(progress.open().size());
            long before = position;
            for (Run run : progress.open()) {
                bytes.number(run.first() - before);
                bytes.number(run.last() - run.first());
                before = run.last() + 1;
            }
            bytes.number(progress.tail() - before);
            attempts(bytes, progress.attempts(), position, earliest);
            if (lanes) {
                lanes(bytes, progress.lanes(), position);
            }
        });
        return bytes.toArray();
    }

    private static void lanes(VarBytes bytes, LaneOffsets lanes, long position) {
        bytes.number(lanes.size());
        for (int i = 0; i < lanes.size(); i++) {
            bytes.six(lanes.lane(i));
            bytes.number(lanes.offset(i) - position);
        }
    }

    private static LaneOffsets lanes(ByteBuffer bytes, long position) {
        Map<Long, Long> lanes = new LinkedHashMap<>();
        long count = VarBytes.number(bytes);
        for (long i = 0; i < count; i++) {
            long lane = VarBytes.six(bytes);
            lanes.put(lane, Math.addExact(position, VarBytes.number(bytes)));
        }
        return LaneOffsets.of(lanes);
    }

    /** Seconds since the epoch; 0: no time is known. */
    private static long earliest(Map<Long, AddressProgress> addresses) {
        long earliest = Long.MAX_VALUE;
        for (AddressProgress progress : addresses.values()) {
            for (Tried tried : progress.attempts().values()) {
                if (tried.firstFailure() > 0) {
                    earliest = Math.min(earliest, seconds(tried));
                }
            }
        }
        return earliest == Long.MAX_VALUE ? 0 : earliest;
    }

    /** Rounded up: a message is never held for less than its configured time. */
    private static long seconds(Tried tried) {
        return (tried.firstFailure() + MILLIS - 1) / MILLIS;
    }

    private static void attempts(VarBytes bytes, Map<Long, Tried> attempts, long position, long earliest) {
        SortedMap<Long, Tried> open = new TreeMap<>(attempts).tailMap(position); // those before are over
        bytes.number(open.size());
        long before = position;
        for (Map.Entry<Long, Tried> each : open.entrySet()) {
            Tried tried = each.getValue();
            bytes.number(each.getKey() - before);
            bytes.number(tried.attempts());
            bytes.number(tried.firstFailure() > 0 ? seconds(tried) - earliest + 1 : 0);
            before = each.getKey() + 1;
        }
    }

    /** Decodes the metadata of a commit; no progress if the text cannot be used. */
    public static PartitionProgress decode(@Nullable String text, long position) {
        if (text == null || text.isEmpty()) {
            return PartitionProgress.none();
        }
        try {
            return decode(ByteBuffer.wrap(Base64.getDecoder().decode(text)), position);
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return PartitionProgress.none();
        }
    }

    /**
     * Decodes bytes, which are read to their end.
     *
     * @throws IllegalArgumentException if they are damaged
     */
    static PartitionProgress decode(ByteBuffer bytes, long position) {
        byte version = bytes.get();
        boolean ofPosition = version == ONE_END
                || version == NO_POSITION
                || ((version == CURSORS || version == TIMES || version == LANES) && VarBytes.number(bytes) == position);
        if (!ofPosition) {
            return PartitionProgress.none();
        }
        long earliest = version >= TIMES ? VarBytes.number(bytes) : NO_TIMES;
        long end = version == ONE_END ? Math.addExact(position, VarBytes.number(bytes)) : position;
        long count = VarBytes.number(bytes);
        Map<Long, AddressProgress> addresses = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            long key = bytes.getLong();
            List<Run> open = runs(bytes, position);
            long before = open.isEmpty() ? position : open.get(open.size() - 1).last() + 1;
            addresses.put(
                    key,
                    version == ONE_END
                            ? new AddressProgress(open, Math.max(end, before), Map.of())
                            : new AddressProgress(
                                    open,
                                    Math.addExact(before, VarBytes.number(bytes)),
                                    attempts(bytes, position, earliest),
                                    version == LANES ? lanes(bytes, position) : LaneOffsets.NONE));
        }
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("more than was announced");
        }
        return new PartitionProgress(addresses);
    }

    private static List<Run> runs(ByteBuffer bytes, long position) {
        List<Run> runs = new ArrayList<>();
        long count = VarBytes.number(bytes);
        long before = position;
        for (long i = 0; i < count; i++) {
            long first = Math.addExact(before, VarBytes.number(bytes));
            long last = Math.addExact(first, VarBytes.number(bytes));
            runs.add(new Run(first, last));
            before = Math.addExact(last, 1);
        }
        return runs;
    }

    private static Map<Long, Tried> attempts(ByteBuffer bytes, long position, long earliest) {
        Map<Long, Tried> attempts = new LinkedHashMap<>();
        long count = VarBytes.number(bytes);
        long before = position;
        for (long i = 0; i < count; i++) {
            long offset = Math.addExact(before, VarBytes.number(bytes));
            int made = Math.toIntExact(VarBytes.number(bytes));
            attempts.put(offset, new Tried(made, earliest == NO_TIMES ? 0 : firstFailure(bytes, earliest)));
            before = Math.addExact(offset, 1);
        }
        return attempts;
    }

    private static long firstFailure(ByteBuffer bytes, long earliest) {
        long after = VarBytes.number(bytes);
        return after == 0 ? 0 : Math.multiplyExact(Math.addExact(earliest, after - 1), MILLIS);
    }
}
