package io.mqttrelay.ingest.mqtt.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** MQTT 5 packets as a broker sends them. */
public final class Packets {
    private Packets() {}

    /** A PUBLISH with packet identifier 7 where its QoS has one, and properties that are that many zero bytes. */
    public static byte[] publish(int qos, String topic, int propertyBytes, byte[] payload) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.buffer();
        body.writeShort(name.length).writeBytes(name);
        if (qos > 0) {
            body.writeShort(7);
        }
        varint(body, propertyBytes);
        body.writeZero(propertyBytes).writeBytes(payload);
        return packet(0x30 | (qos << 1), body);
    }

    public static byte[] pingResponse() {
        return new byte[] {(byte) 0xD0, 0};
    }

    private static byte[] packet(int first, ByteBuf body) {
        ByteBuf packet = Unpooled.buffer();
        packet.writeByte(first);
        varint(packet, body.readableBytes());
        packet.writeBytes(body);
        byte[] bytes = new byte[packet.readableBytes()];
        packet.readBytes(bytes);
        return bytes;
    }

    private static void varint(ByteBuf to, int value) {
        int rest = value;
        while (rest >= 0x80) {
            to.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        to.writeByte(rest);
    }
}
