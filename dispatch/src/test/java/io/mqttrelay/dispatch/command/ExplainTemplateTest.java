package io.mqttrelay.dispatch.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.dispatch.TestRoute;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code relay explain} shows the result of a template, or the reason why there is none. */
class ExplainTemplateTest {
    private static TestRoute route() {
        return TestRoute.of("r", "app", "http://127.0.0.1:9/a?key=s");
    }

    private static Template body(String expression) {
        return new Template(
                expression,
                null,
                "PUT",
                "['x y', levels[1]]",
                Map.of("q", "qos"),
                Map.of("x-t", "topic"),
                null,
                null,
                null,
                Map.of());
    }

    @Test
    void showsTheRequestOfATemplate() {
        assertThat(ExplainBatchTest.explained(route().template(body("{'v': payload.t}"))))
                .contains("PUT http://127.0.0.1:9/x%20y/1?***&q=1\n", "x-t: t/1\n", "{\"v\":1}");
    }

    @Test
    void showsTheErrorAndItsPosition() {
        assertThat(ExplainBatchTest.explained(route().template(body("payload.t & ''~> $number + topic"))))
                .contains("becomes a dead letter unprocessable, template.body: ");
        assertThat(ExplainBatchTest.explained(route().when("qos + topic")))
                .contains("becomes a dead letter unprocessable, when: the right side of + must be a number")
                .contains("(at character 5 of the expression)");
    }

    @Test
    void showsThatAConditionExcludes() {
        assertThat(ExplainBatchTest.explained(route().when("qos > 1")))
                .contains("not delivered, when is false: qos > 1");
    }
}
