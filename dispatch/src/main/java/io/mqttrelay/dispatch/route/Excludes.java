package io.mqttrelay.dispatch.route;

import io.mqttrelay.common.topic.ExcludeRule;
import java.util.List;
import java.util.Optional;

/** The exclude rules of one route. */
public final class Excludes {
    private final List<ExcludeRule> rules;

    public Excludes(List<ExcludeRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The first rule that keeps a message of this topic from being delivered; empty: none does. */
    public Optional<ExcludeRule> match(String topic) {
        for (ExcludeRule rule : rules) {
            if (rule.matches(topic)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
