package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Constants;
import org.apache.camel.main.Main;

/** Apache Camel: a route from MQTT (Paho) to Kafka. It acknowledges before Kafka has stored. */
final class CamelIngest extends RouteBuilder {
    private final ProgramArguments arguments;

    private CamelIngest(ProgramArguments arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] words) throws Exception {
        Parent.endWithIt();
        Main camel = new Main();
        camel.configure().addRoutesBuilder(new CamelIngest(ProgramArguments.of(words)));
        camel.start();
        System.out.println(BareIngest.READY);
    }

    @Override
    public void configure() {
        String app = arguments.text("app");
        from("paho-mqtt5:" + app + "/#?qos=1&clientId=" + app + "&brokerUrl=tcp://127.0.0.1:" + arguments.text("port"))
                .setHeader(KafkaConstants.KEY, header(PahoMqtt5Constants.MQTT_TOPIC))
                .to("kafka:" + arguments.text("topic") + "?brokers=" + arguments.text("bootstrap")
                        + "&requestRequiredAcks=all&compressionCodec=lz4&lingerMs=5"
                        + "&valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer");
    }
}
