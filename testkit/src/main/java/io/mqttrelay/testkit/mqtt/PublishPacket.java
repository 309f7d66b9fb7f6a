package io.mqttrelay.testkit.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds a PUBLISH packet byte by byte, also invalid ones that MQTT clients do not send. */
public final class PublishPacket {
    private static final int CONTINUES = 0x80;

    private final ByteArrayOutputStream properties = new ByteArrayOutputStream();
    private byte[] topic = {};
    private int qos = 1;
    private int identifier = 1;

    public PublishPacket topic(String text) {
        return topic(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sets a topic that need not be valid text. */
    public PublishPacket topic(byte[] bytes) {
        topic = bytes.clone();
        return this;
    }

    /** Sets QoS and packet identifier; the defaults are 1 and 1. */
    public PublishPacket qos(int value, int packetIdentifier) {
        qos = value;
        identifier = packetIdentifier;
        return this;
    }

    /** Adds a property with a text value; a user property has two. */
    public PublishPacket property(int id, String... texts) {
        byte[][] bytes = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            bytes[i] = texts[i].getBytes(StandardCharsets.UTF_8);
        }
        return property(id, bytes);
    }

    /** Adds a property whose values need not be valid text. */
    public PublishPacket property(int id, byte[]... texts) {
        properties.write(id);
        for (byte[] text : texts) {
            withLength(properties, text);
        }
        return this;
    }

    /** Adds raw bytes to the properties. */
    public PublishPacket raw(int... bytes) {
        for (int value : bytes) {
            properties.write(value);
        }
        return this;
    }

    /** The packet without its fixed header; MQTT 3.1.1 has no properties. */
    public byte[] body(boolean mqtt5, byte[] payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        withLength(body, topic);
        if (qos > 0) {
            body.write(identifier >> 8);
            body.write(identifier);
        }
        if (mqtt5) {
            variable(body, properties.size());
            body.writeBytes(properties.toByteArray());
        }
        body.writeBytes(payload);
        return body.toByteArray();
    }

    /** The complete packet. */
    public byte[] packet(boolean mqtt5, String payload) {
        byte[] body = body(mqtt5, payload.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x30 | (qos << 1));
        variable(packet, body.length);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    private static void withLength(ByteArrayOutputStream out, byte[] bytes) {
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    private static void variable(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= CONTINUES) {
            out.write(rest | CONTINUES);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
