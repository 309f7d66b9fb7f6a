package io.mqttrelay.common.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One MQTT message on its way from ingest to dispatch.
 *
 * @param id {@code relay-id}: created by ingest, sortable by time, without a {@code .}; never changes
 * @param clientId the name of the route that received it
 * @param receivedAt epoch milliseconds, by ingest's clock
 * @param qos 0, 1 or 2: the QoS with which the broker delivered the message to ingest
 * @param contentType null: MQTT had none
 * @param expiresAt epoch milliseconds; null: never
 * @param responseTopic null: MQTT had none
 * @param correlationData null: MQTT had none
 * @param payload byte for byte, never null; not copied, must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed by reference from one owner to the next; messages are never compared
public record RelayMessage(
        String id,
        String appId,
        String clientId,
        long receivedAt,
        String topic,
        int qos,
        boolean retain,
        @Nullable String contentType,
        @Nullable Long expiresAt,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        List<UserProperty> userProperties,
        byte[] payload) {
    public RelayMessage {
        userProperties = List.copyOf(userProperties);
    }
}
