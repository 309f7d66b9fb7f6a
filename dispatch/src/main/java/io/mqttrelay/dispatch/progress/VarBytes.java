package io.mqttrelay.dispatch.progress;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Encodes numbers of 0 or more in as few bytes as they need: seven bits a byte, the lowest first. */
final class VarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    void one(byte value) {
        out.write(value);
    }

    void eight(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /** Writes a number of 48 bits, such as a {@link LaneKey}. */
    void six(long value) {
        out.write(ByteBuffer.allocate(Long.BYTES).putLong(value << 16).array(), 0, 6);
    }

    void number(long value) {
        if (value < 0) {
            throw new IllegalStateException("not in order: " + value);
        }
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

    /** Reads the next six bytes. */
    static long six(ByteBuffer bytes) {
        long high = bytes.getShort() & 0xFFFF;
        return (high << Integer.SIZE) | (bytes.getInt() & 0xFFFF_FFFFL);
    }

    /**
     * Reads the next number.
     *
     * @throws IllegalArgumentException if the bytes are not a number
     */
    static long number(ByteBuffer bytes) {
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
}
