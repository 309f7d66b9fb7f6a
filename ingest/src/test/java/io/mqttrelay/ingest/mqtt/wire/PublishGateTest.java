package io.mqttrelay.ingest.mqtt.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Packets of one connection, in parts of any size, with more or less room. */
class PublishGateTest {
    private static final int MAX_MESSAGE = 300_000;

    /** Room for a number of bytes. */
    private static final class Room implements ReadLimit {
        final long max;
        long used;
        long most;
        int skipped;
        boolean takesQos1 = true;
        final List<Runnable> waiting = new ArrayList<>();
        final Link.Events events = new NoEvents() {
            @Override
            public boolean takes(int qos) {
                return qos == 0 || takesQos1;
            }

            @Override
            public ReadLimit readLimit() {
                return Room.this;
            }
        };

        Room(long max) {
            this.max = max;
        }

        @Override
        public Decision ask(int qos, long bytes) {
            if (used > 0 && used + bytes > max) {
                skipped += qos == 0 ? 1 : 0;
                return qos == 0 ? Decision.SKIP : Decision.WAIT;
            }
            used += bytes;
            most = Math.max(most, used);
            return Decision.READ;
        }

        @Override
        public void settled(int qos, long bytes) {
            used -= bytes;
        }

        @Override
        public void whenRoom(long bytes, Runnable retry) {
            waiting.add(retry);
        }

        @Override
        public void forget(Runnable retry) {
            waiting.remove(retry);
        }

        @Override
        public long maxMessage() {
            return MAX_MESSAGE;
        }

        void give() {
            List<Runnable> ready = List.copyOf(waiting);
            waiting.clear();
            ready.forEach(Runnable::run);
        }
    }

    private static EmbeddedChannel channel(Room room) {
        Wire wire = new Wire(room.events, true);
        EmbeddedChannel channel = new EmbeddedChannel(wire.gate());
        wire.attach(channel);
        return channel;
    }

    private static byte[] read(EmbeddedChannel channel) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            all.writeBytes(bytes);
            next.release();
        }
        return all.toByteArray();
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void writeInParts(EmbeddedChannel channel, byte[] all, Random random) {
        for (int at = 0; at < all.length; ) {
            int size = Math.min(
                    all.length - at, 1 + (random.nextInt(3) == 0 ? random.nextInt(4) : random.nextInt(70_000)));
            channel.writeInbound(Unpooled.copiedBuffer(all, at, size));
            at += size;
        }
    }

    @Property(tries = 200)
    void packetsPassUnchangedInPartsOfAnySize(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int count) {
        Random random = new Random(seed);
        Room room = new Room(Long.MAX_VALUE);
        EmbeddedChannel channel = channel(room);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            int size = random.nextInt(5) == 0 ? random.nextInt(200_000) : random.nextInt(300);
            all.writeBytes(
                    random.nextInt(5) == 0
                            ? Packets.pingResponse()
                            : Packets.publish(random.nextInt(3), "a/b", random.nextInt(5), bytes(size, i)));
        }
        writeInParts(channel, all.toByteArray(), random);
        assertThat(read(channel)).isEqualTo(all.toByteArray());
        assertThat(room.used).isZero();
    }

    @Property(tries = 200)
    void anOversizePacketKeepsSizeHashAndHead(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 2) int qos,
            @ForAll @IntRange(min = 0, max = 100_000) int properties) {
        Random random = new Random(seed);
        byte[] payload = bytes(MAX_MESSAGE + random.nextInt(100_000), seed);
        Room room = new Room(Long.MAX_VALUE);
        EmbeddedChannel channel = channel(room);
        byte[] before = Packets.publish(1, "before", 0, bytes(10, 1));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before);
        all.writeBytes(Packets.publish(qos, "big/topic", properties, payload));
        all.writeBytes(Packets.pingResponse());
        writeInParts(channel, all.toByteArray(), random);

        byte[] kept = Arrays.copyOf(payload, 64 * 1024 + CutPayload.TRAILER);
        byte[] expected = Packets.publish(qos, "big/topic", properties > 64 * 1024 ? 0 : properties, kept);
        byte[] passed = read(channel);
        int end = before.length + expected.length - CutPayload.TRAILER;
        assertThat(Arrays.copyOf(passed, end)).isEqualTo(Arrays.copyOf(concat(before, expected), end));
        assertThat(passed).hasSize(before.length + expected.length + 2);
        CutPayload cut = CutPayload.of(ByteBuffer.wrap(passed, before.length, expected.length));
        assertThat(cut).isNotNull();
        assertThat(cut.size()).isEqualTo(payload.length);
        assertThat(cut.hash()).isEqualTo(sha256(payload));
        assertThat(room.used).isZero();
        assertThat(room.most).isLessThan(400_000);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void withoutRoomTheSocketIsNotReadUntilThereIsSome() {
        Room room = new Room(1000);
        EmbeddedChannel channel = channel(room);
        room.used = 900;
        byte[] first = Packets.publish(1, "a", 0, bytes(500, 1));
        byte[] second = Packets.publish(0, "b", 0, bytes(5, 2));
        channel.writeInbound(Unpooled.copiedBuffer(first));
        channel.writeInbound(Unpooled.copiedBuffer(second));
        assertThat(read(channel)).isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();

        room.give();
        channel.runPendingTasks();
        assertThat(read(channel)).as("room was announced, another took it").isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();

        room.used = 0;
        room.give();
        channel.runPendingTasks();
        assertThat(read(channel)).isEqualTo(concat(first, second));
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(room.used).isZero();
    }

    @Test
    void qos0WithoutRoomIsSkippedAndCounted() {
        Room room = new Room(1000);
        EmbeddedChannel channel = channel(room);
        room.used = 900;
        channel.writeInbound(Unpooled.copiedBuffer(Packets.publish(0, "a", 0, bytes(500, 1))));
        channel.writeInbound(Unpooled.copiedBuffer(Packets.pingResponse()));
        assertThat(read(channel)).isEqualTo(Packets.pingResponse());
        assertThat(room.skipped).isOne();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(room.used).isEqualTo(900);
    }

    @Test
    void aLargePacketTakesItsMemoryBeforeItIsComplete() {
        Room room = new Room(1_000_000);
        EmbeddedChannel channel = channel(room);
        byte[] large = Packets.publish(1, "a", 0, bytes(200_000, 1));
        channel.writeInbound(Unpooled.copiedBuffer(large, 0, 10));
        assertThat(room.used).isGreaterThan(200_000);
        channel.writeInbound(Unpooled.copiedBuffer(large, 10, large.length - 10));
        assertThat(channel.inboundMessages()).as("in one buffer").hasSize(1);
        assertThat(read(channel)).isEqualTo(large);
        assertThat(room.used).isZero();
    }

    @Test
    void theEndOfAConnectionGivesBackAllMemory() {
        Room room = new Room(300_000);
        EmbeddedChannel channel = channel(room);
        byte[] large = Packets.publish(1, "a", 0, bytes(200_000, 1));
        channel.writeInbound(Unpooled.copiedBuffer(large, 0, 100_000));
        channel.close().syncUninterruptibly();
        assertThat(room.used).isZero();

        EmbeddedChannel other = channel(room);
        room.used = 299_000;
        other.writeInbound(Unpooled.copiedBuffer(large));
        assertThat(room.waiting).hasSize(1);
        other.close().syncUninterruptibly();
        assertThat(room.waiting).isEmpty();
    }

    @Test
    void aMessageThatIsNotTakenIsSkippedAndHoldsNoMemory() {
        Room room = new Room(1000);
        EmbeddedChannel channel = channel(room);
        room.takesQos1 = false;
        channel.writeInbound(Unpooled.copiedBuffer(Packets.publish(1, "a", 0, bytes(200, 1))));
        assertThat(read(channel)).isEmpty();
        assertThat(room.most).isZero();
        byte[] qos0 = Packets.publish(0, "a", 0, bytes(200, 1));
        channel.writeInbound(Unpooled.copiedBuffer(qos0));
        assertThat(read(channel)).isEqualTo(qos0);
    }

    @Test
    void aMessageThatWaitedIsSkippedWhenItIsNotTakenAnyMore() {
        Room room = new Room(1000);
        EmbeddedChannel channel = channel(room);
        room.used = 1000;
        channel.writeInbound(Unpooled.copiedBuffer(Packets.publish(1, "a", 0, bytes(200, 1))));
        assertThat(room.waiting).hasSize(1);
        room.takesQos1 = false;
        room.give();
        channel.runPendingTasks();
        assertThat(read(channel)).isEmpty();
        assertThat(room.used).isEqualTo(1000);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void afterDisconnectTheSocketIsReadToItsEnd() {
        Room room = new Room(1000);
        EmbeddedChannel channel = channel(room);
        room.used = 1000;
        channel.writeInbound(Unpooled.copiedBuffer(Packets.publish(1, "a", 0, bytes(500, 1))));
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.writeOutbound(Unpooled.copiedBuffer(new byte[] {(byte) 0xE0, 0}));
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(Unpooled.copiedBuffer(Packets.publish(1, "a", 0, bytes(500, 1))));
        assertThat(read(channel)).isEmpty();
        assertThat(room.waiting).isEmpty();
    }

    @Test
    void aPayloadThatIsWholeIsNoCut() {
        assertThat(CutPayload.of(ByteBuffer.wrap("short".getBytes(UTF_8)))).isNull();
        assertThat(CutPayload.of(ByteBuffer.allocate(100))).isNull();
    }
}
