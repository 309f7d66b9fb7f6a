package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * Apache Camel: a route from Kafka to a queue in memory, and a route from there to HTTP with one consumer for each
 * concurrent call. Kafka counts queued messages as done, so they are lost when the process dies.
 */
final class CamelDispatch extends RouteBuilder {
    private static final String BYTES = "org.apache.kafka.common.serialization.ByteArrayDeserializer";

    private final Work work;

    private CamelDispatch(Work work) {
        this.work = work;
    }

    public static void main(String[] words) throws Exception {
        Parent.endWithIt();
        Main camel = new Main();
        camel.configure().addRoutesBuilder(new CamelDispatch(Work.of(words)));
        camel.run();
    }

    @Override
    public void configure() {
        from("kafka:" + work.topic() + "?brokers=" + work.bootstrapServers() + "&groupId=" + work.group()
                        + "&autoOffsetReset=earliest&keyDeserializer=" + BYTES + "&valueDeserializer=" + BYTES)
                .to("seda:calls?waitForTaskToComplete=Never&blockWhenFull=true");
        from("seda:calls?concurrentConsumers=" + work.inFlight())
                .removeHeaders("*")
                .setHeader(Exchange.HTTP_METHOD, constant("POST"))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .to(work.url() + "?connectionsPerRoute=" + work.inFlight() + "&maxTotalConnections=" + work.inFlight());
    }
}
