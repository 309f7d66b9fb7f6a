package io.mqttrelay.common.topic;

import java.util.List;
import java.util.Set;

/** What {@link KafkaTopics#ensure} found. */
public sealed interface TopicsResult {
    /** Takes one case each: a forgotten one does not compile. */
    interface Cases<R> {
        R ready(Ready ready);

        R unavailable(Unavailable unavailable);
    }

    <R> R match(Cases<R> cases);

    /**
     * Every topic exists.
     *
     * @param created those that did not before
     * @param findings about those that did, for the log
     */
    record Ready(Set<String> created, List<TopicFinding> findings) implements TopicsResult {
        public Ready {
            created = Set.copyOf(created);
            findings = List.copyOf(findings);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.ready(this);
        }
    }

    /**
     * Not every topic exists, or Kafka did not say: worth another try later.
     *
     * @param error one line for people: what failed and what to do
     */
    record Unavailable(String error) implements TopicsResult {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.unavailable(this);
        }
    }
}
