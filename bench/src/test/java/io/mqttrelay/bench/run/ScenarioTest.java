package io.mqttrelay.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScenarioTest {
    @Test
    void eachEntrantIsFirstOnce() {
        List<String> entrants = List.of("a", "b", "c");
        assertThat(Scenario.order(entrants, 1)).containsExactly("a", "b", "c");
        assertThat(Scenario.order(entrants, 2)).containsExactly("b", "c", "a");
        assertThat(Scenario.order(entrants, 3)).containsExactly("c", "a", "b");
        assertThat(Scenario.order(entrants, 4)).containsExactly("a", "b", "c");
    }
}
