package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Templates and conditions from Kafka to a callback: the failed messages hold up no other. */
final class TemplateIT extends DispatchScene {
    TemplateIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private void write(String topic, String payload) {
        records.write(records.record(TestRecords.message("app", "r", topic, payload.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void shapesDeliversExcludesAndCondemns() {
        Template template = new Template(
                "{'v': payload.v + 0, 'all': payload}",
                null,
                "PUT",
                "['d', levels[0]]",
                Map.of(),
                Map.of(),
                null,
                null,
                null,
                Map.of());
        started(settings()
                .partitions(1)
                .route(TestRoute.of("r", "app", callback.url("/a"))
                        .when("payload.keep")
                        .template(template)));
        write("t/1", "{\"keep\":true,\"v\":1.50,\"big\":9007199254740993}");
        write("t/1", "{\"keep\":false}");
        write("t/1", "{\"keep\":\"yes\"}");
        write("t/1", "{\"keep\":true,\"v\":\"text\"}");
        write("t/1", "no json");
        write("t/1", "{\"keep\":true,\"v\":2}");
        records.flush();

        awaitCommitted("app", 6);
        assertThat(bodiesAt("/d/t"))
                .containsExactly(
                        "{\"v\":1.5,\"all\":{\"keep\":true,\"v\":1.50,\"big\":9007199254740993}}",
                        "{\"v\":2,\"all\":{\"keep\":true,\"v\":2}}");
        List<ConsumerRecord<byte[], byte[]>> letters = dead("app", 3);
        assertThat(letters)
                .allSatisfy(letter ->
                        assertThat(header(letter, "relay-dead-reason")).isEqualTo("unprocessable"));
        assertThat(letters)
                .extracting(letter -> header(letter, "relay-dead-error"))
                .anySatisfy(error -> assertThat(error).contains("when: must be true or false, was yes"))
                .anySatisfy(error -> assertThat(error).contains("template.body: the left side of + must be a number"))
                .anySatisfy(error -> assertThat(error).contains("when: must be true or false, was nothing"));
    }
}
