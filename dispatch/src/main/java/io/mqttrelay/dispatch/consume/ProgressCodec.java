package io.mqttrelay.dispatch.consume;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Progress} as the text that goes with a committed position: base64 of a version byte, the position and, for each
 * address, its open runs, its tail and the attempts so far, as variable-length differences. Where not everything fits into
 * what brokers take by default, what is nearest to an address's position wins. A text of another version, of another
 * position, or of somebody else, says nothing.
 */
final class ProgressCodec {
    /** One end of what is known for all addresses, no attempts: written before each had a cursor of its own. */
    private static final byte ONE_END = 1;

    /** It counted from the position that it went with, and did not say which: written before the first release. */
    private static final byte NO_POSITION = 2;

    /** It knows its position: tools that copy positions to another cluster move them, and leave the text as it was. */
    private static final byte CURSORS = 3;
    /** {@code offset.metadata.max.bytes} is 4096 unless somebody lowers it; base64 makes four of three. */
    private static final int MAX_BYTES = 4096 / 4 * 3;

    private ProgressCodec() {}

    /** Also of addresses that have nothing open: whoever does not know them must find them here, to carry them along. */
    static String encode(Progress progress, long position) {
        byte[] bytes = bytes(progress.addresses(), position);
        if (bytes.length > MAX_BYTES) {
            bytes = nearest(progress.addresses(), position);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Attempts go first, which are only counted anew; then the farthest runs, which are repeated. */
    private static byte[] nearest(Map<Long, AddressProgress> addresses, long position) {
        Map<Long, AddressProgress> kept = new LinkedHashMap<>(addresses);
        byte[] bytes = bytes(kept, position);
        for (int most = MAX_BYTES; bytes.length > MAX_BYTES && most > 0; bytes = bytes(kept, position)) {
            most = most * 3 / 4;
            int attempts = most;
            kept.replaceAll((key, each) -> each.nearestAttempts(attempts));
        }
        for (int most = MAX_BYTES; bytes.length > MAX_BYTES && most > 0; bytes = bytes(kept, position)) {
            most = most * 3 / 4;
            int runs = most;
            kept.replaceAll((key, each) -> each.nearestRuns(runs));
        }
        // more addresses than there is room for: those left out begin at the position
        for (; bytes.length > MAX_BYTES; bytes = bytes(kept, position)) {
            List<Long> keys = new ArrayList<>(kept.keySet());
            keys.subList(keys.size() * 3 / 4, keys.size()).forEach(kept::remove);
        }
        return bytes;
    }

    private static byte[] bytes(Map<Long, AddressProgress> addresses, long position) {
        VarBytes bytes = new VarBytes();
        bytes.one(CURSORS);
        bytes.number(position);
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
            attempts(bytes, progress.attempts(), position);
        });
        return bytes.toArray();
    }

    private static void attempts(VarBytes bytes, Map<Long, Integer> attempts, long position) {
        bytes.number(attempts.size());
        long before = position;
        for (Map.Entry<Long, Integer> each : new TreeMap<>(attempts).entrySet()) {
            bytes.number(each.getKey() - before);
            bytes.number(each.getValue());
            before = each.getKey() + 1;
        }
    }

    /** Nothing known: the text says nothing. */
    static Progress decode(@Nullable String text, long position) {
        if (text == null || text.isEmpty()) {
            return Progress.none();
        }
        try {
            return decode(ByteBuffer.wrap(Base64.getDecoder().decode(text)), position);
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return Progress.none();
        }
    }

    private static Progress decode(ByteBuffer bytes, long position) {
        byte version = bytes.get();
        boolean ofPosition = version == ONE_END
                || version == NO_POSITION
                || (version == CURSORS && VarBytes.number(bytes) == position);
        if (!ofPosition) {
            return Progress.none();
        }
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
                                    open, Math.addExact(before, VarBytes.number(bytes)), attempts(bytes, position)));
        }
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("more than was announced");
        }
        return new Progress(addresses);
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

    private static Map<Long, Integer> attempts(ByteBuffer bytes, long position) {
        Map<Long, Integer> attempts = new LinkedHashMap<>();
        long count = VarBytes.number(bytes);
        long before = position;
        for (long i = 0; i < count; i++) {
            long offset = Math.addExact(before, VarBytes.number(bytes));
            attempts.put(offset, Math.toIntExact(VarBytes.number(bytes)));
            before = Math.addExact(offset, 1);
        }
        return attempts;
    }
}
