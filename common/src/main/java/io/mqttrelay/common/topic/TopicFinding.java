package io.mqttrelay.common.topic;

import java.util.List;

/**
 * Something about existing topics that an operator should know.
 *
 * @param fatal a promise cannot be kept with them: the caller must not use them
 * @param topics which, at least one
 * @param text one line: what is wrong, what follows from it, what to do
 */
public record TopicFinding(boolean fatal, List<String> topics, String text) {
    private static final int SHOWN = 3;

    public TopicFinding {
        topics = List.copyOf(topics);
    }

    /** For the log: the first few topics and the text. */
    @Override
    public String toString() {
        String first = String.join(", ", topics.subList(0, Math.min(SHOWN, topics.size())));
        String more = topics.size() > SHOWN ? " and " + (topics.size() - SHOWN) + " more" : "";
        return (topics.size() == 1 ? "topic " : "topics ") + first + more + ": " + text;
    }
}
