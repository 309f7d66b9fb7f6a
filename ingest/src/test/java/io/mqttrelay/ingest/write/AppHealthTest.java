package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppHealthTest {
    @Test
    void theSameOfManyAppsIsOneLine() {
        List<String> problems = new ArrayList<>(IntStream.range(0, 100)
                .mapToObj(app -> "app " + app + ": Kafka does not store its messages")
                .toList());
        problems.add("app other: topic relay.other: not there");
        assertThat(AppHealth.lines(problems))
                .containsExactly(
                        "100 apps, app 0 among them: Kafka does not store its messages",
                        "app other: topic relay.other: not there");
    }

    @Test
    void fewAppsAreNamedEach() {
        List<String> problems = List.of("app a: x", "app b: x", "app c: x");
        assertThat(AppHealth.lines(problems)).isEqualTo(problems);
        assertThat(AppHealth.lines(List.of())).isEmpty();
    }
}
