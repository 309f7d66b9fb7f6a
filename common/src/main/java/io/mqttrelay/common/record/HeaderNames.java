package io.mqttrelay.common.record;

import java.util.Set;

/** The names of a record's headers. No other class knows them. */
final class HeaderNames {
    static final String ID = "relay-id";
    static final String APP_ID = "relay-app-id";
    static final String CLIENT_ID = "relay-client-id";
    static final String RECEIVED_AT = "relay-received-at";
    static final String TOPIC = "mqtt-topic";
    static final String QOS = "mqtt-qos";
    static final String RETAIN = "mqtt-retain";
    static final String CONTENT_TYPE = "mqtt-content-type";
    static final String EXPIRES_AT = "mqtt-expires-at";
    static final String RESPONSE_TOPIC = "mqtt-response-topic";
    static final String CORRELATION_DATA = "mqtt-correlation-data";
    static final String USER_PROPERTY = "mqtt-user-property";

    static final String ADDRESS = "relay-address";
    static final String REPLAY = "relay-replay";

    static final String ATTEMPTS = "relay-attempts";
    static final String DEAD_REASON = "relay-dead-reason";
    static final String DEAD_STATUS = "relay-dead-status";
    static final String DEAD_ERROR = "relay-dead-error";
    static final String DEAD_AT = "relay-dead-at";
    static final String ORIGIN = "relay-origin";
    static final String PAYLOAD_SIZE = "relay-payload-size";
    static final String PAYLOAD_SHA256 = "relay-payload-sha256";

    /**
     * The headers that a dead letter or a replay adds. They are removed before new ones are written, so that headers
     * never grow.
     */
    static final Set<String> ADDED =
            Set.of(ADDRESS, REPLAY, ATTEMPTS, DEAD_REASON, DEAD_STATUS, DEAD_ERROR, DEAD_AT, ORIGIN);

    private HeaderNames() {}
}
