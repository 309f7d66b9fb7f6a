package io.mqttrelay.dispatch.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageShapeTest {
    private static RelayMessage message(byte[] payload) {
        return new RelayMessage(
                "id",
                "app",
                "r",
                0,
                "a/b",
                1,
                true,
                "x/y",
                null,
                "reply/1",
                null,
                List.of(new UserProperty("k", "1"), new UserProperty("k", "2"), new UserProperty("one", "v")),
                payload);
    }

    private static RelayMessage message(String payload) {
        return message(payload.getBytes(StandardCharsets.UTF_8));
    }

    private static Template body(String expression) {
        return template(expression, null, Map.of());
    }

    private static Template template(@Nullable String body, @Nullable String path, Map<String, String> headers) {
        return new Template(body, null, null, path, Map.of(), headers, null, null, null, Map.of());
    }

    private static String result(Template template, RelayMessage message) {
        Shaped shaped = MessageShape.of(template, "App").shape(message);
        if (shaped instanceof Shaped.Unshaped unshaped) {
            return "!" + unshaped.error();
        }
        return new String(((Shaped.Parts) shaped).content().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void hasTheWholeInput() {
        assertThat(result(body("$"), message("{\"n\":1e400}")))
                .isEqualTo(
                        "{\"payload\":{\"n\":1e400},\"encoding\":\"json\",\"topic\":\"a/b\",\"levels\":[\"a\",\"b\"],"
                                + "\"qos\":1,\"retain\":true,\"id\":\"id\",\"app_id\":\"app\",\"app_name\":\"App\","
                                + "\"client_id\":\"r\",\"received_at\":\"1970-01-01T00:00:00.000Z\",\"content_type\":\"x/y\","
                                + "\"properties\":{\"k\":[\"1\",\"2\"],\"one\":\"v\"},\"response_topic\":\"reply/1\"}");
        assertThat(result(body("payload & encoding"), message("plain"))).isEqualTo("plaintext");
        assertThat(result(body("payload & encoding"), message(new byte[] {(byte) 0xC3, 0x28})))
                .isEqualTo("wyg=base64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"12 degrees", "1 2", "{\"a\":1} x", "[1", "{\"a\"", "{]", "true!", "\"", "-", ""})
    void readsABrokenJsonTextAsText(String payload) {
        assertThat(result(body("payload & encoding"), message(payload))).isEqualTo(payload + "text");
    }

    @Test
    void readsJsonOfAThousandLevels() {
        String deep = "[".repeat(1000) + "]".repeat(1000);

        assertThat(result(body("encoding"), message(deep))).isEqualTo("json");
        assertThat(result(body("encoding"), message("[" + deep + "]"))).isEqualTo("text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'a/../b'", "['a', '..']", "'.'", "5", "payload.none"})
    void refusesPathsThatClimb(String path) {
        assertThat(result(template(null, path, Map.of()), message("{}"))).startsWith("!template.path: ");
    }

    @ParameterizedTest
    @CsvSource({"a\\r\\nb, 2", "é, 1"})
    void refusesHeadersThatAreNotLegal(String value, int position) {
        Template template = template(null, null, Map.of("x-a", "\"" + value + "\""));
        assertThat(result(template, message("{}"))).startsWith("!template.headers.x-a: character " + position);
    }

    @Test
    void namesTheKeyAndThePosition() {
        assertThat(result(body("payload.a + 'x'"), message("{\"a\":1}")))
                .isEqualTo("!template.body: the right side of + must be a number, not string"
                        + " (at character 11 of the expression)");
        assertThat(result(body("payload.a"), message("{}"))).isEqualTo("!template.body: yields nothing");
        assertThat(result(body("payload"), message("x".repeat((1 << 20) + 1)))).contains("at most 1 MB");
    }

    @ParameterizedTest
    @CsvSource({
        "qos = 1, Deliver",
        "qos = 2, Exclude",
        "payload.x, Undecided",
        "qos, Undecided",
        "qos + topic, Undecided"
    })
    void decidesByTrueAndFalseOnly(String when, String decision) {
        assertThat(Condition.of(when, "App").decide(message("{}")).getClass().getSimpleName())
                .isEqualTo(decision);
    }

    /** Ten fields and a condition: prints the cost of a message. */
    @Test
    void costsLittle() {
        String fields = "{'device': levels[1], 'temp': payload.temp, 'hum': payload.hum, 'ok': payload.temp < 80,"
                + " 'f': payload.temp * 1.8 + 32, 'unit': 'C', 'site': payload.meta.site, 'qos': qos,"
                + " 'at': received_at, 'name': $uppercase(payload.name)}";
        MessageShape shape = MessageShape.of(body(fields), "App");
        Condition condition = Condition.of("payload.temp > 20 and qos > 0", "App");
        RelayMessage message = message(
                "{\"temp\":21.50,\"hum\":40,\"name\":\"pump\",\"meta\":{\"site\":\"north\",\"line\":7},\"seq\":12345}");
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                assertDelivered(condition.decide(message), shape.shape(message));
            }
            best = Math.min(best, (System.nanoTime() - began) / 20_000.0 / 1000);
        }
        System.out.printf("a message costs %.1f us%n", best);
        assertThat(best).isLessThan(200); // a broken build of the tree would be far slower, a busy machine is not
    }

    private static void assertDelivered(Condition.Decision decision, Shaped shaped) {
        if (!(decision instanceof Condition.Decision.Deliver) || !(shaped instanceof Shaped.Parts)) {
            throw new AssertionError(shaped.toString());
        }
    }
}
