package io.mqttrelay.faults;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.LoopbackPorts;

/**
 * A Kafka of one broker, quick to start, in the JVM of the test. With access control the services are {@link #USER}, on
 * a listener with a password; the test uses another listener without limits.
 *
 * @param services where {@code ingest} and {@code dispatch} reach it
 * @param clientProperties the client settings for that, as JSON
 */
record OneBroker(EmbeddedKafka kafka, String services, String clientProperties) implements AutoCloseable {
    static final String USER = "relay";

    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    /** Starts a broker without access control. */
    static OneBroker open(EmbeddedKafka.Builder builder) {
        EmbeddedKafka kafka = builder.launch();
        return new OneBroker(kafka, kafka.bootstrapServers(), "{}");
    }

    /** Starts a broker on which {@link #USER} may do everything that {@link KafkaAdmin#forbid} does not forbid. */
    static OneBroker guarded(EmbeddedKafka.Builder builder) {
        int plain = LoopbackPorts.free();
        int sasl = LoopbackPorts.free();
        int controller = LoopbackPorts.free();
        EmbeddedKafka kafka = builder.port(plain)
                .property(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + plain + ",SASL_PLAINTEXT://127.0.0.1:" + sasl
                                + ",CONTROLLER://127.0.0.1:" + controller)
                .property("controller.quorum.voters", "1@127.0.0.1:" + controller)
                .property(
                        "advertised.listeners",
                        "PLAINTEXT://127.0.0.1:" + plain + ",SASL_PLAINTEXT://127.0.0.1:" + sasl)
                .property(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT")
                .property("sasl.enabled.mechanisms", "PLAIN")
                .property("listener.name.sasl_plaintext.plain.sasl.jaas.config", MODULE + "user_" + USER + "=\"pw\";")
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("allow.everyone.if.no.acl.found", "true")
                .property("super.users", "User:ANONYMOUS")
                .launch();
        String client = """
                {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN",
                 "sasl.jaas.config": "%susername=\\"%s\\" password=\\"pw\\";"}""".formatted(MODULE, USER);
        return new OneBroker(kafka, "127.0.0.1:" + sasl, client);
    }

    @Override
    public void close() {
        kafka.close();
    }
}
