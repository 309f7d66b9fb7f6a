package io.mqttrelay.common.topic;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The result of {@link KafkaTopics#ensure}. */
public sealed interface TopicsResult {
    /**
     * Every topic exists.
     *
     * @param created the topics that did not exist before
     * @param findings about existing topics, for the log
     */
    record Ready(Set<String> created, List<TopicFinding> findings) implements TopicsResult {
        public Ready {
            created = Set.copyOf(created);
            findings = List.copyOf(findings);
        }

        /** The first fatal finding; null: all topics can be used. */
        public @Nullable TopicFinding fatal() {
            return findings.stream().filter(TopicFinding::fatal).findFirst().orElse(null);
        }
    }

    /**
     * Topics are missing, or Kafka did not answer: retry later.
     *
     * @param error one line for the operator: the problem and the remedy
     * @param ofKafka Kafka as a whole is the problem: a request for fewer topics would fail as well
     */
    record Unavailable(String error, boolean ofKafka) implements TopicsResult {
        /** A problem of single topics, unless Kafka does not answer at all. */
        public Unavailable(String error) {
            this(error, error.equals(TopicErrors.NO_ANSWER));
        }
    }
}
