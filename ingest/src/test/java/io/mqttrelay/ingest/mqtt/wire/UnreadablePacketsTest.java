package io.mqttrelay.ingest.mqtt.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.record.UserProperty;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets that the client's decoder would refuse pass around it, and their readable parts are kept. */
class UnreadablePacketsTest {
    private static final byte[] NO_TEXT = {'x', (byte) 0xC0, 'y'};

    private final UnreadablePackets unreadable = new UnreadablePackets(true);
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new WholePackets(true, unreadable, () -> {}, new Wire(new NoEvents(), true), new PacketIds()));

    /** The packets that reach the client. */
    private List<byte[]> passed(byte[]... packets) {
        channel.writeInbound(Unpooled.wrappedBuffer(packets));
        List<byte[]> passed = new ArrayList<>();
        for (ByteBuf each; (each = channel.readInbound()) != null; each.release()) {
            passed.add(ByteBufUtil.getBytes(each));
        }
        return passed;
    }

    private Publish restored(byte[] readable) {
        ByteBuf in = Unpooled.wrappedBuffer(readable);
        int first = in.readUnsignedByte();
        assertThat(in.readByte()).as("a short packet").isPositive();
        assertThat(new PublishRules(true).broken(in, first, in.readerIndex(), in.writerIndex()))
                .isNull();
        String topic = in.readCharSequence(in.readUnsignedShort(), UTF_8).toString();
        in.skipBytes(PublishRules.qos(first) == 0 ? 0 : 2);
        assertThat(in.readByte()).as("no properties").isZero();
        ByteBuffer payload = ByteBuffer.wrap(ByteBufUtil.getBytes(in));
        return unreadable.restore(
                new Publish(topic, PublishRules.qos(first), false, null, null, null, null, List.of(), payload, null));
    }

    @Test
    void aMalformedPropertyIsLeftOutAndNamed() {
        byte[] packet = new PublishPacket()
                .topic("a/b")
                .qos(2, 258)
                .property(PublishRules.USER_PROPERTY, "a", "b")
                .property(PublishRules.RESPONSE_TOPIC, "a/#")
                .property(PublishRules.CONTENT_TYPE, "text/plain")
                .packet(true, "payload");
        Publish publish = restored(passed(packet).get(0));
        assertThat(publish.unreadable()).isEqualTo("the response topic is malformed");
        assertThat(publish.topic()).isEqualTo("a/b");
        assertThat(publish.qos()).isEqualTo(2);
        assertThat(publish.responseTopic()).isNull();
        assertThat(publish.contentType()).isEqualTo("text/plain");
        assertThat(publish.userProperties()).containsExactly(new UserProperty("a", "b"));
        assertThat(new String(publish.payloadBytes(), UTF_8)).isEqualTo("payload");
    }

    @Test
    void aTopicThatIsNoTextIsShownAsFarAsItIs() {
        Publish publish =
                restored(passed(new PublishPacket().qos(0, 0).topic(NO_TEXT).packet(true, "p"))
                        .get(0));
        assertThat(publish.unreadable()).isEqualTo("the topic is malformed");
        assertThat(publish.topic()).isEqualTo("x\uFFFDy");
        assertThat(publish.qos()).isZero();
    }

    @Test
    void propertiesWithoutEndAreKeptAsPayload() {
        byte[] packet = new PublishPacket()
                .topic("a/b")
                .property(PublishRules.CONTENT_TYPE, "c")
                .packet(true, "p");
        packet[9] = (byte) 0x7F; // the length of the properties
        Publish publish = restored(passed(packet).get(0));
        assertThat(publish.unreadable()).isEqualTo("the length of the properties is malformed");
        assertThat(publish.payloadBytes()).endsWith('c', 'p');
    }

    @Test
    void packetsAroundItStayAsTheyAreAndInOrder() {
        byte[] good = new PublishPacket().qos(1, 1).topic("a/b").packet(true, "good");
        byte[] bad = new PublishPacket().qos(1, 2).packet(true, "bad");
        byte[] better = new PublishPacket().qos(1, 3).topic("a/b").packet(true, "better");
        byte[] best = new PublishPacket().qos(1, 4).topic("a/b").packet(true, "best");
        byte[] suback = {(byte) 0x90, 3, 0, 1, 0};
        List<byte[]> passed = passed(good, suback, bad, better, best);
        assertThat(passed).hasSize(3);
        assertThat(passed.get(0)).isEqualTo(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(good, suback)));
        assertThat(restored(passed.get(1)).unreadable()).isEqualTo("the topic is malformed");
        assertThat(passed.get(2)).isEqualTo(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(better, best)));
    }

    @Test
    void theTopicOfAnotherProcessIsAnOrdinaryTopic() {
        Publish publish =
                new Publish("unreadable-1/1", 1, false, null, null, null, null, List.of(), Publish.NO_PAYLOAD, null);
        assertThat(unreadable.restore(publish)).isSameAs(publish);
    }
}
