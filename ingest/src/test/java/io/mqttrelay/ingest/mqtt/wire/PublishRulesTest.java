package io.mqttrelay.ingest.mqtt.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.internal.mqtt.codec.decoder.MqttDecoderContext;
import com.hivemq.client.internal.mqtt.codec.decoder.MqttDecoderException;
import com.hivemq.client.internal.mqtt.codec.decoder.MqttMessageDecoder;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt3.Mqtt3PublishDecoder;
import com.hivemq.client.internal.mqtt.codec.decoder.mqtt5.Mqtt5PublishDecoder;
import io.mqttrelay.testkit.mqtt.PublishPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules are those of the MQTT client's own decoder. */
class PublishRulesTest {
    private static final int PACKETS = 60_000;
    /** Bytes that rules speak of, more often than any others. */
    private static final int[] SPECIAL = {0, 1, 2, 3, 8, 9, 11, 35, 38, '#', '+', 'a', 0x80, 0xC0, 0xED, 0xF4, 0xFF};

    private final SplittableRandom random = new SplittableRandom(11);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refuseWhatTheDecoderRefuses(boolean mqtt5) throws ReflectiveOperationException {
        MqttMessageDecoder decoder = decoder(mqtt5 ? Mqtt5PublishDecoder.class : Mqtt3PublishDecoder.class);
        MqttDecoderContext context = context();
        PublishRules rules = new PublishRules(mqtt5);
        int refused = 0;
        for (int i = 0; i < PACKETS; i++) {
            int qos = random.nextInt(3);
            int first = 0x30 | (qos << 1) | random.nextInt(2) | (random.nextInt(8) == 0 ? 8 : 0);
            ByteBuf body = mutated(Unpooled.wrappedBuffer(packet(qos).body(mqtt5, new byte[random.nextInt(8)])));
            String why = rules.broken(body, first, 0, body.writerIndex());
            boolean decodes = decodes(decoder, first, body.duplicate(), context);
            if (why == null && !decodes) {
                assertThat(acknowledgeable(body, qos)).as("left to the decoder").isFalse();
            } else {
                assertThat(why == null)
                        .as("%s %s", why, ByteBufUtil.hexDump(body))
                        .isEqualTo(decodes);
            }
            refused += decodes ? 0 : 1;
        }
        assertThat(refused).isBetween(PACKETS / 10, PACKETS * 9 / 10);
    }

    private PublishPacket packet(int qos) {
        PublishPacket packet =
                new PublishPacket().qos(qos, 1 + random.nextInt(65_535)).topic(text());
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(7)) {
                case 0 -> packet.property(PublishRules.CONTENT_TYPE, text());
                case 1 -> packet.property(PublishRules.RESPONSE_TOPIC, text());
                case 2 -> packet.property(PublishRules.CORRELATION_DATA, text());
                case 3 -> packet.property(PublishRules.USER_PROPERTY, text(), text());
                case 4 -> packet.raw(PublishRules.EXPIRY, 0, 0, 1, 0);
                case 5 -> packet.raw(PublishRules.PAYLOAD_FORMAT, random.nextInt(2));
                default -> packet.raw(PublishRules.SUBSCRIPTION_ID, 0x81, 1);
            }
        }
        return packet;
    }

    private byte[] text() {
        return "aä€😀/x".repeat(random.nextInt(3)).concat("b").getBytes(StandardCharsets.UTF_8);
    }

    private ByteBuf mutated(ByteBuf body) {
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(body.writerIndex());
            body.setByte(at, SPECIAL[random.nextInt(SPECIAL.length)]);
        }
        return random.nextInt(20) == 0 ? body.writerIndex(random.nextInt(body.writerIndex())) : body;
    }

    private static boolean acknowledgeable(ByteBuf body, int qos) {
        int left = body.writerIndex() - 2;
        return left >= 0 && body.getUnsignedShort(0) + (qos == 0 ? 0 : 2) <= left;
    }

    private static MqttMessageDecoder decoder(Class<? extends MqttMessageDecoder> type)
            throws ReflectiveOperationException {
        Constructor<? extends MqttMessageDecoder> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /** As of a connection that allows the broker no topic aliases. */
    private static MqttDecoderContext context() throws ReflectiveOperationException {
        Constructor<?> constructor = MqttDecoderContext.class.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return (MqttDecoderContext)
                constructor.newInstance(Integer.MAX_VALUE, 0, true, false, false, false, false, false);
    }

    private static boolean decodes(MqttMessageDecoder decoder, int first, ByteBuf body, MqttDecoderContext context) {
        try {
            decoder.decode(first & 0xF, Unpooled.copiedBuffer(body), context);
            return true;
        } catch (MqttDecoderException | IndexOutOfBoundsException e) {
            return false;
        }
    }
}
