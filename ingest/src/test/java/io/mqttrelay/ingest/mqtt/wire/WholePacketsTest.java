package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WholePacketsTest {
    private static final int[] PAYLOADS = {0, 1, 127, 128, 300, 16_384, 70_000};

    private int arrivals;
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new WholePackets(true, new UnreadablePackets(true), () -> arrivals++));
    private final ByteBuf sent = Unpooled.buffer();
    private final List<Integer> ends = new ArrayList<>();

    private void packet(int type, int length) {
        sent.writeByte(type);
        int left = length;
        do {
            sent.writeByte(left > 127 ? (left & 127) | 128 : left);
            left >>= 7;
        } while (left > 0);
        for (int i = 0; i < length; i++) {
            sent.writeByte(i);
        }
        ends.add(sent.writerIndex());
    }

    @Test
    void passesOnWholePacketsHoweverTheyArrive() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            packet(0x90, PAYLOADS[random.nextInt(PAYLOADS.length)]);
        }
        ByteBuf passed = Unpooled.buffer();
        for (int at = 0; at < sent.writerIndex(); ) {
            int chunk = Math.min(sent.writerIndex() - at, 1 + random.nextInt(random.nextInt(40_000) + 1));
            channel.writeInbound(sent.copy(at, chunk));
            at += chunk;
            for (ByteBuf whole; (whole = channel.readInbound()) != null; whole.release()) {
                passed.writeBytes(whole);
                assertThat(ends).contains(passed.writerIndex());
            }
        }
        assertThat(ByteBufUtil.equals(passed, sent)).isTrue();
    }

    @Test
    void tellsOfMessagesOnceTheyAreWhole() {
        packet(0xD0, 0);
        packet(0x32, 10);
        channel.writeInbound(sent.copy(0, 8));
        assertThat(arrivals).isZero();
        channel.writeInbound(sent.copy(8, sent.writerIndex() - 8));
        assertThat(arrivals).isOne();
    }

    @Test
    void leavesAWrongLengthToTheDecoder() {
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x90, -1, -1, -1, -1, -1}));
        ByteBuf passed = channel.readInbound();
        assertThat(passed.readableBytes()).isEqualTo(6);
        passed.release();
    }
}
