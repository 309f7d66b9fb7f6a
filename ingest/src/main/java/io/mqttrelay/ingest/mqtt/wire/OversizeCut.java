package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.common.text.Sha256;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Replaces an oversize PUBLISH packet by a small one while its bytes stream through. The small packet has the same
 * topic, packet identifier and properties, and a {@link CutPayload}. It holds at most some 200 KB for packets of any
 * size. Properties of more than 64 KB are left out. A malformed packet stays malformed and is cut off.
 */
final class OversizeCut {
    /** Memory that a cut takes at most, bytes. */
    static final int MEMORY = 200 * 1024;

    private static final int HEAD = 64 * 1024;
    private static final int MAX_PROPERTIES = 64 * 1024;
    private static final int CONTINUES = 0x80;

    private enum Stage {
        TOPIC_LENGTH,
        TOPIC,
        PROPERTY_LENGTH,
        PROPERTIES,
        SKIPPED_PROPERTIES,
        PAYLOAD,
        MALFORMED
    }

    private final int firstByte;
    private final boolean mqtt5;
    private final ByteBuf header;
    private final ByteBuf head;
    private final MessageDigest digest;
    private Stage stage = Stage.TOPIC_LENGTH;
    private long left;
    private long size;

    /** At which size of {@link #header} the stage ends. */
    private int target = 2;

    private int propertyLengthAt;
    private long toSkip;

    /**
     * @param firstByte of the fixed header
     * @param length the packet's remaining length
     */
    OversizeCut(int firstByte, long length, boolean mqtt5, ByteBufAllocator allocator) {
        this.firstByte = firstByte;
        this.left = length;
        this.mqtt5 = mqtt5;
        this.header = allocator.heapBuffer(256);
        this.head = allocator.heapBuffer(HEAD);
        this.digest = Sha256.begin();
    }

    /** Takes the packet's bytes out of {@code in}, behind its fixed header; true: all of them have been taken. */
    boolean take(ByteBuf in) {
        while (left > 0 && in.isReadable()) {
            ByteBuf bytes = in.slice(in.readerIndex(), (int) Math.min(left, in.readableBytes()));
            switch (stage) {
                case TOPIC_LENGTH, TOPIC, PROPERTIES -> collect(bytes);
                case PROPERTY_LENGTH -> propertyLength(bytes);
                case SKIPPED_PROPERTIES -> skip(bytes);
                case PAYLOAD -> payload(bytes);
                case MALFORMED -> bytes.skipBytes(bytes.readableBytes());
            }
            left -= bytes.readerIndex();
            in.skipBytes(bytes.readerIndex());
        }
        return left == 0;
    }

    private void collect(ByteBuf bytes) {
        header.writeBytes(bytes, Math.min(bytes.readableBytes(), target - header.readableBytes()));
        if (stage == Stage.TOPIC_LENGTH && header.readableBytes() == target) {
            int identifier = ((firstByte >> 1) & 3) > 0 ? 2 : 0;
            target += header.getUnsignedShort(0) + identifier;
            stage = Stage.TOPIC;
        }
        if (stage != Stage.TOPIC_LENGTH && header.readableBytes() == target) {
            propertyLengthAt = target;
            stage = (stage == Stage.TOPIC && mqtt5) ? Stage.PROPERTY_LENGTH : Stage.PAYLOAD;
        }
    }

    private void propertyLength(ByteBuf bytes) {
        int next = bytes.readUnsignedByte();
        header.writeByte(next);
        int count = header.readableBytes() - propertyLengthAt;
        if ((next & CONTINUES) != 0) {
            stage = count < 4 ? stage : Stage.MALFORMED;
            return;
        }
        long length = 0;
        for (int i = 0; i < count; i++) {
            length |= (header.getByte(propertyLengthAt + i) & 0x7FL) << (7 * i);
        }
        if (length <= MAX_PROPERTIES) {
            target = header.readableBytes() + (int) length;
            stage = length == 0 ? Stage.PAYLOAD : Stage.PROPERTIES;
        } else {
            header.writerIndex(propertyLengthAt).writeByte(0);
            toSkip = length;
            stage = Stage.SKIPPED_PROPERTIES;
        }
    }

    private void skip(ByteBuf bytes) {
        int skipped = (int) Math.min(toSkip, bytes.readableBytes());
        bytes.skipBytes(skipped);
        toSkip -= skipped;
        if (toSkip == 0) {
            stage = Stage.PAYLOAD;
        }
    }

    private void payload(ByteBuf bytes) {
        size += bytes.readableBytes();
        int kept = Math.min(bytes.readableBytes(), HEAD - head.readableBytes());
        head.writeBytes(bytes, bytes.readerIndex(), kept);
        for (var part : bytes.nioBuffers()) {
            digest.update(part);
        }
        bytes.skipBytes(bytes.readableBytes());
    }

    /** After the last byte: the small packet, which the caller releases; this object is of no more use. */
    ByteBuf packet(ByteBufAllocator allocator) {
        byte @Nullable [] trailer = stage == Stage.PAYLOAD ? CutPayload.trailer(size, digest.digest()) : null;
        int length = header.readableBytes() + head.readableBytes() + (trailer == null ? 0 : trailer.length);
        ByteBuf packet = allocator.buffer(length + 5);
        packet.writeByte(firstByte);
        for (int rest = length; ; rest >>>= 7) {
            if (rest < CONTINUES) {
                packet.writeByte(rest);
                break;
            }
            packet.writeByte((rest & 0x7F) | CONTINUES);
        }
        packet.writeBytes(header).writeBytes(head);
        if (trailer != null) {
            packet.writeBytes(trailer);
        }
        release();
        return packet;
    }

    void release() {
        header.release();
        head.release();
    }
}
