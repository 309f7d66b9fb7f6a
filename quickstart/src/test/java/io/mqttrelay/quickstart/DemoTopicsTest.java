package io.mqttrelay.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTopicsTest {
    @TempDir
    private Path folder;

    @Test
    void topicsAreOnesThatTheFilterTakes() throws Exception {
        Route route = route("from/+/v1/#", "[]");
        assertThat(DemoTopics.of(route))
                .hasSizeGreaterThan(1)
                .allMatch(topic -> route.subscriptions().get(0).filter().matches(topic));
        assertThat(DemoTopics.hello(route)).isEqualTo("from/demo/v1/hello");
    }

    @Test
    void aTopicWithoutWildcardsIsItself() throws Exception {
        assertThat(DemoTopics.of(route("plant/line", "[]"))).containsExactly("plant/line");
    }

    @Test
    void excludedTopicsAreLeftOut() throws Exception {
        List<String> topics = DemoTopics.of(route("from/#", "[\"from/door/\"]"));
        assertThat(topics).isNotEmpty().noneMatch(topic -> topic.startsWith("from/door/"));
        assertThat(DemoTopics.of(route("from/#", "[\"from/\"]"))).isEmpty();
    }

    private Route route(String filter, String excludes) throws IOException {
        Path file = Files.writeString(folder.resolve("relay.json"), """
                {"mqtt_brokers": [{"client_id": "c", "broker_ip": "127.0.0.1", "sub_deal_config": {
                  "app_id": "a", "callbackAddress": "http://localhost:8000/a",
                  "subTopic": {"topic": "%s", "qos": 1}, "excludeTopics": %s}}]}
                """.formatted(filter, excludes));
        return ((ConfigResult.Valid) ConfigReader.read(file, name -> null))
                .config()
                .routes()
                .get(0);
    }
}
