package io.mqttrelay.dispatch.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.window.AddressKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Each record has one routing. */
final class RouterTest {
    private static final String ONE = "http://host:1/one";
    private static final String TWO = "http://host:1/two";

    private final RecordCodec codec = new RecordCodec();
    private final Targets targets = Targets.of(
            List.of(TestRoute.of("r", "app", ONE, TWO).excluding("noise/#").build()), new Targets.Factory() {
                @Override
                public Target target(Destination destination) {
                    return new Target(
                            AddressKey.of(destination.owner().clientId(), destination.id()),
                            destination,
                            (messages, attempt) -> {
                                throw new AssertionError("a router calls no address");
                            },
                            new Throttle(Pace.FREE, System::nanoTime),
                            meters(destination),
                            new AddressLog("callback", System::nanoTime));
                }

                @Override
                public DeliveryMeters meters(Destination destination) {
                    return new DeliveryMeters(new SimpleMeterRegistry(), destination);
                }
            });
    private final Router router = new Router(codec, targets);

    private ProducerRecord<byte[], byte[]> encoded(String route, String topic) {
        RelayMessage message = new RelayMessage(
                "id", "app", route, 1, topic, 1, false, null, null, null, null, List.of(), new byte[0]);
        return codec.encode(message, Ordering.TOPIC, "d.app");
    }

    private ProducerRecord<byte[], byte[]> replay(String route, String topic, String address) {
        ProducerRecord<byte[], byte[]> record = encoded(route, topic);
        record.headers().add("relay-replay", "run".getBytes(StandardCharsets.UTF_8));
        record.headers().add("relay-address", address.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private Routing route(ProducerRecord<byte[], byte[]> record) {
        ConsumerRecord<byte[], byte[]> consumed =
                new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
        record.headers().forEach(consumed.headers()::add);
        return router.route(consumed, "app");
    }

    private Routing.Deliver delivered(ProducerRecord<byte[], byte[]> record) {
        assertThat(route(record)).isInstanceOf(Routing.Deliver.class);
        return (Routing.Deliver) route(record);
    }

    private Routing.Unroutable unroutable(ProducerRecord<byte[], byte[]> record) {
        assertThat(route(record)).isInstanceOf(Routing.Unroutable.class);
        return (Routing.Unroutable) route(record);
    }

    @Test
    void messageGoesToEveryAddressOfItsRoute() {
        Routing.Deliver deliver = delivered(encoded("r", "t"));
        assertThat(deliver.to()).extracting(target -> target.destination().id()).containsExactly(ONE, TWO);
        assertThat(deliver.isReplay()).isFalse();
    }

    @Test
    void replayGoesToItsOneAddressDespiteExcludes() {
        Routing.Deliver deliver = delivered(replay("r", "noise/1", TWO));
        assertThat(deliver.to()).extracting(target -> target.destination().id()).containsExactly(TWO);
        assertThat(deliver.isReplay()).isTrue();
    }

    @Test
    void excludedMessageNamesTheAddressesThatDoNotGetIt() {
        assertThat(route(encoded("r", "noise/1"))).isInstanceOfSatisfying(Routing.Excluded.class, excluded -> {
            assertThat(excluded.message().topic()).isEqualTo("noise/1");
            assertThat(excluded.from()).hasSize(2);
        });
    }

    @Test
    void recordWithoutAHeaderOfIngestIsUndecodable() {
        ProducerRecord<byte[], byte[]> record = encoded("r", "t");
        record.headers().remove("mqtt-qos");
        assertThat(unroutable(record).reason()).isEqualTo(DeadReason.UNDECODABLE);
    }

    @Test
    void recordOfAnotherAppThanItsTopicIsUndecodable() {
        ProducerRecord<byte[], byte[]> record = encoded("r", "t");
        record.headers().remove("relay-app-id");
        record.headers().add("relay-app-id", "other".getBytes(StandardCharsets.UTF_8));
        assertThat(unroutable(record).error()).isEqualTo("the record is of another app than its topic");
    }

    @Test
    void messageOfAnUnknownRouteHasNoAddress() {
        Routing.Unroutable unroutable = unroutable(encoded("gone", "t"));
        assertThat(unroutable.reason()).isEqualTo(DeadReason.NO_ROUTE);
        assertThat(unroutable.address()).isNull();
    }

    @Test
    void replayForARemovedAddressKeepsThatAddress() {
        Routing.Unroutable unroutable = unroutable(replay("r", "t", "http://host:1/gone"));
        assertThat(unroutable.reason()).isEqualTo(DeadReason.NO_ROUTE);
        assertThat(unroutable.address()).isNotNull();
    }
}
