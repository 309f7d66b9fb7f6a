package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Broker;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.Subscription;
import io.mqttrelay.common.config.value.HostPort;
import io.mqttrelay.common.config.value.MqttVersion;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.topic.TopicFilter;
import java.time.Duration;
import java.util.List;

/** Routes with two brokers' addresses and two filters. */
public final class TestRoutes {
    private TestRoutes() {}

    public static Route route(String name) {
        return route(name, null, "a/#", "b/#");
    }

    static Route route(String name, String sharedGroup, String... filters) {
        return route(name, sharedGroup, false, filters);
    }

    static Route leaving(String name, String sharedGroup, String... filters) {
        return route(name, sharedGroup, true, filters);
    }

    private static Route route(String name, String sharedGroup, boolean sharedLeave, String... filters) {
        Broker broker = new Broker(
                null,
                null,
                60,
                List.of(new HostPort("one", 1883), new HostPort("two", 1883)),
                name.equals("mqtt3") ? MqttVersion.V3_1_1 : MqttVersion.V5,
                null,
                null,
                Duration.ofDays(7),
                65535,
                sharedGroup,
                true,
                sharedLeave);
        return new Route(
                name,
                broker,
                "app",
                "app",
                true,
                List.of(filters).stream()
                        .map(filter -> new Subscription(TopicFilter.parse(filter), 1))
                        .toList(),
                List.of(),
                Ordering.TOPIC,
                List.of());
    }
}
