package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;

/** Estimates the largest size of a message's envelope without encoding it. */
final class EnvelopeSize {
    /** Braces, names of keys, and the longest values of those that are not texts. */
    private static final int FIXED = ("{\"header\":{\"id\":,\"app_id\":,\"app_name\":,\"client_id\":,\"topic\":,"
                    + "\"qos\":2147483647,\"retain\":false,\"received_at\":\"+292278994-08-17T07:12:55.807Z\","
                    + "\"content_type\":,\"user_properties\":[],\"encoding\":\"base64\"},\"body\":}")
            .length();

    private static final int PROPERTY = "{\"name\":,\"value\":},".length();

    private EnvelopeSize() {}

    /** Largest number of bytes, including the separator between envelopes of a batch. */
    static long most(RelayMessage message, String appName) {
        long size = FIXED
                + JsonSize.text(message.id())
                + JsonSize.text(message.appId())
                + JsonSize.text(appName)
                + JsonSize.text(message.clientId())
                + JsonSize.text(message.topic())
                + JsonSize.text(message.contentType())
                + JsonSize.payload(message.payload())
                + "[]".length();
        for (UserProperty property : message.userProperties()) {
            size += PROPERTY + JsonSize.text(property.name()) + JsonSize.text(property.value());
        }
        return size;
    }
}
