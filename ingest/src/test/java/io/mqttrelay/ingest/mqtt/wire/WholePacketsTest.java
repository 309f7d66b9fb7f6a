package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WholePacketsTest {
    private static final int[] PAYLOADS = {0, 1, 127, 128, 300, 16_384, 70_000};

    private int arrivals;
    private final Wire wire = new Wire(
            new NoEvents() {
                @Override
                public void arriving() {
                    arrivals++;
                }
            },
            true);
    private final EmbeddedChannel channel = new EmbeddedChannel(wire.wholePackets(), wire.ids());
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

    private void message(int id, int number) {
        channel.writeInbound(
                Unpooled.wrappedBuffer(new byte[] {0x32, 7, 0, 1, 'a', (byte) (id >> 8), (byte) id, 0, (byte) number}));
    }

    private void acknowledge(int id) {
        channel.writeOutbound(Unpooled.wrappedBuffer(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id}));
    }

    /** The numbers of the messages that were passed on. */
    private List<Integer> passed() {
        List<Integer> numbers = new ArrayList<>();
        for (ByteBuf some; (some = channel.readInbound()) != null; some.release()) {
            for (int at = some.readerIndex() + 8; at < some.writerIndex(); at += 9) {
                numbers.add((int) some.getByte(at));
            }
        }
        return numbers;
    }

    @Test
    void aMessageWaitsWhileItsIdentifierIsInUse() {
        message(0x1234, 1);
        message(5, 2);
        message(0x1234, 3);
        message(6, 4);
        assertThat(passed()).containsExactly(1, 2);
        assertThat(wire.isReading()).isFalse();

        acknowledge(5);
        channel.runPendingTasks();
        assertThat(passed()).isEmpty();

        acknowledge(0x1234);
        channel.runPendingTasks();
        assertThat(passed()).containsExactly(3, 4);
        assertThat(wire.isReading()).isTrue();
    }

    @Property(tries = 500)
    void messagesWithFewIdentifiersKeepTheirOrder(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> all = new ArrayList<>();
        Deque<Integer> ids = new ArrayDeque<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int number = 0; number < 100 || !open.isEmpty(); ) {
            if (number < 100 && random.nextBoolean()) {
                int id = 1 + random.nextInt(5);
                ids.add(id);
                message(id, number++);
            } else if (!open.isEmpty()) {
                acknowledge(open.remove());
                channel.runPendingTasks();
            }
            for (int passed : passed()) {
                all.add(passed);
                int id = ids.remove();
                assertThat(open).doesNotContain(id);
                open.add(id);
            }
        }
        assertThat(all).isEqualTo(IntStream.range(0, 100).boxed().toList());
        assertThat(wire.isReading()).isTrue();
    }
}
