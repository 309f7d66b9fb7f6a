package io.mqttrelay.dispatch.consume;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Progress} as the text that goes with a committed position: base64 of a version byte, the length of what is
 * known, and each address with its open runs, as variable-length differences. Where not everything fits into what brokers
 * take by default, what is nearest to the position wins. A text of another version, or of somebody else, says nothing.
 */
final class ProgressCodec {
    private static final byte VERSION = 1;
    /** {@code offset.metadata.max.bytes} is 4096 unless somebody lowers it; base64 makes four of three. */
    private static final int MAX_BYTES = 4096 / 4 * 3;

    private ProgressCodec() {}

    /** Empty: there is nothing to say beyond the position. */
    static String encode(Progress progress, long position) {
        long end = progress.end();
        if (end <= position) {
            return "";
        }
        byte[] bytes = bytes(progress, position, end);
        while (bytes.length > MAX_BYTES) {
            end = nearer(progress, position, end);
            if (end <= position) {
                return "";
            }
            bytes = bytes(progress, position, end);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /** An end before which there are three quarters of the runs. */
    private static long nearer(Progress progress, long position, long end) {
        List<Long> firsts = new ArrayList<>();
        progress.open().values().forEach(runs -> runs.before(end).forEach(run -> firsts.add(run.first())));
        firsts.sort(null);
        int kept = firsts.size() * 3 / 4;
        return kept == 0 ? position : Math.min(firsts.get(kept), end - 1);
    }

    private static byte[] bytes(Progress progress, long position, long end) {
        Bytes bytes = new Bytes();
        bytes.one(VERSION);
        bytes.number(end - position);
        bytes.number(progress.open().size());
        progress.open().forEach((address, runs) -> {
            bytes.eight(address);
            List<OpenRuns.Run> kept = runs.before(end);
            bytes.number(kept.size());
            long before = position;
            for (OpenRuns.Run run : kept) {
                bytes.number(run.first() - before);
                bytes.number(run.last() - run.first());
                before = run.last() + 1;
            }
        });
        return bytes.toArray();
    }

    /** Null: the text says nothing. */
    static @Nullable Progress decode(@Nullable String text, long position) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return decode(ByteBuffer.wrap(Base64.getDecoder().decode(text)), position);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return null;
        }
    }

    private static @Nullable Progress decode(ByteBuffer bytes, long position) {
        if (bytes.get() != VERSION) {
            return null;
        }
        long end = Math.addExact(position, number(bytes));
        long addresses = number(bytes);
        Map<Long, OpenRuns> open = new LinkedHashMap<>();
        for (long i = 0; i < addresses; i++) {
            open.put(bytes.getLong(), runs(bytes, position));
        }
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("more than was announced");
        }
        return new Progress(end, open);
    }

    private static OpenRuns runs(ByteBuffer bytes, long position) {
        OpenRuns runs = new OpenRuns();
        long count = number(bytes);
        long before = position;
        for (long i = 0; i < count; i++) {
            long first = before + number(bytes);
            long last = first + number(bytes);
            if (first < before || last < first) {
                throw new IllegalArgumentException("not in order");
            }
            runs.add(new OpenRuns.Run(first, last));
            before = last + 1;
        }
        return runs;
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            byte next = bytes.get();
            number |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("not a number");
    }

    /** Bytes in the making. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        void one(byte value) {
            out.write(value);
        }

        void eight(long value) {
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        }

        void number(long value) {
            long rest = value;
            while (rest > 0x7F) {
                out.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toArray() {
            return out.toByteArray();
        }
    }
}
