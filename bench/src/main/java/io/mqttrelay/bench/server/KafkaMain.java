package io.mqttrelay.bench.server;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.file.Path;

/** A Kafka broker in this process, with its data in the folder of the first argument. */
public final class KafkaMain {
    /** The output when the broker serves, followed by its {@code host:port}. */
    public static final String SERVES = "kafka serves on ";

    private KafkaMain() {}

    public static void main(String[] arguments) {
        Parent.endWithIt();
        EmbeddedKafka kafka = EmbeddedKafka.builder()
                .data(Path.of(arguments[0]))
                .property("log.segment.bytes", "1073741824")
                .launch();
        System.out.println(SERVES + kafka.bootstrapServers());
    }
}
