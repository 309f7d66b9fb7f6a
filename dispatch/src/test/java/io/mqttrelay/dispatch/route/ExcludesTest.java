package io.mqttrelay.dispatch.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.topic.ExcludeRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first rule that matches decides. */
final class ExcludesTest {
    private static Excludes of(String... rules) {
        return new Excludes(List.of(rules).stream().map(ExcludeRule::parse).toList());
    }

    @Test
    void withoutRulesNothingIsExcluded() {
        assertThat(of().match("any/topic")).isEmpty();
    }

    @Test
    void theFirstRuleThatMatchesIsNamed() {
        Excludes excludes = of("a/+", "a/#", "regex:b$");

        assertThat(excludes.match("a/b")).hasToString("Optional[a/+]");
        assertThat(excludes.match("a/x/y")).hasToString("Optional[a/#]");
        assertThat(excludes.match("x/b")).isPresent();
        assertThat(excludes.match("x/c")).isEmpty();
    }

    @Test
    void aPrefixExcludesTopicsBelowIt() {
        assertThat(of("from/v1/aaa/").match("from/v1/aaa/1/2")).isPresent();
        assertThat(of("from/v1/aaa/").match("from/v1/aaab")).isEmpty();
    }
}
