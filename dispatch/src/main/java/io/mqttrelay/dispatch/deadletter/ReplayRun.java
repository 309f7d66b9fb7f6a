package io.mqttrelay.dispatch.deadletter;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.thread.StopRequest;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicsResult;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** One replay of an app's dead letters or messages. One thread. */
public interface ReplayRun {
    /** The records that a replay sends again. */
    enum Source {
        DEAD_LETTERS("dead-letters"),
        MESSAGES("messages");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        /** The text as it is typed. */
        public String text() {
            return text;
        }

        /** Null: there is none of this name. */
        public static @Nullable Source of(String typed) {
            for (Source each : values()) {
                if (each.text.equalsIgnoreCase(typed)) {
                    return each;
                }
            }
            return null;
        }
    }

    /**
     * The tools of a replay from any source.
     *
     * @param kafka the names and sizes of the app's topics
     * @param stop ends the replay after the open transaction
     */
    record Tools(
            KafkaClients clients, KafkaSettings kafka, StopRequest stop, ProgressListener progress, ReplayRate rate) {
        TopicNames names() {
            return new TopicNames(kafka.topicPrefix());
        }

        /** Creates the topics of an app that are missing. */
        void ensureTopics(String appId) throws KafkaFailure, InterruptedException {
            try (Admin admin = clients.admin("topics")) {
                TopicsResult result = new KafkaTopics(admin, kafka.topicPlan(), names()).ensure(List.of(appId));
                if (result instanceof TopicsResult.Unavailable unavailable) {
                    throw new KafkaFailure(unavailable.error());
                }
                if (result instanceof TopicsResult.Ready ready && ready.fatal() != null) {
                    throw new KafkaFailure(String.valueOf(ready.fatal()));
                }
            } catch (KafkaException e) {
                throw KafkaFailure.of(e);
            }
        }
    }

    /** Called once, when the plan is known, and before anything is sent. */
    interface Prepared {
        void toSend(ReplayReport report);
    }

    /** Makes a replay of the selected dead letters of an app. */
    static ReplayRun ofDeadLetters(Tools tools, RelayConfig config, String appId, Selection selection) {
        return new DeadLetterReplay(tools, new AppRoutes(config, appId), selection);
    }

    /**
     * Makes a replay of the selected messages of an app, delivered or not.
     *
     * @param options identify the replay, so that the same options continue an interrupted one
     */
    static ReplayRun ofMessages(Tools tools, RelayConfig config, String appId, Selection selection, String options) {
        return new HistoryReplay(tools, new AppRoutes(config, appId), selection, options);
    }

    /** Counts the deliveries that would be sent. */
    void preview(ReplayReport report) throws KafkaFailure, InterruptedException;

    /** Sends the deliveries. If it ends early, the report has the progress. */
    void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException;
}
