package io.mqttrelay.common.topic;

import java.util.List;

/**
 * A finding about existing topics, for the operator.
 *
 * @param fatal the topics break a guarantee: the caller must not use them
 * @param topics at least one
 * @param text one line: the problem, its effect, the remedy
 */
public record TopicFinding(boolean fatal, List<String> topics, String text) {
    private static final int SHOWN = 3;

    public TopicFinding {
        topics = List.copyOf(topics);
    }

    /** The first few topics and the text, for the log. */
    @Override
    public String toString() {
        String first = String.join(", ", topics.subList(0, Math.min(SHOWN, topics.size())));
        String more = topics.size() > SHOWN ? " and " + (topics.size() - SHOWN) + " more" : "";
        return (topics.size() == 1 ? "topic " : "topics ") + first + more + ": " + text;
    }
}
