package io.mqttrelay.common.topic;

import io.mqttrelay.common.topic.TopicChecks.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Ensures that the topics of an app exist, and checks that their settings keep the relay's guarantees. Blocks: not
 * for a poll thread.
 */
public final class KafkaTopics {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 100;

    private final TopicAdmin admin;
    private final TopicPlan plan;
    private final TopicNames names;
    private final LongSupplier nanoTime;
    private final Duration patience;

    /** Topics with the settings of {@code plan}; the caller keeps and closes {@code admin}. */
    public KafkaTopics(Admin admin, TopicPlan plan, TopicNames names) {
        this(admin, plan, names, System::nanoTime, PATIENCE);
    }

    KafkaTopics(Admin admin, TopicPlan plan, TopicNames names, LongSupplier nanoTime, Duration patience) {
        this.admin = new TopicAdmin(admin, patience);
        this.plan = plan;
        this.names = names;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    /**
     * Creates the missing topics of these apps, leaves existing ones unchanged, and checks all of them. Can be
     * repeated at any time, also by several processes at once. Gives up if Kafka makes no progress for 20 s.
     */
    public TopicsResult ensure(Collection<String> appIds) throws InterruptedException {
        return ensure(appIds, patience);
    }

    /**
     * As {@link #ensure(Collection)}.
     *
     * @param patience how long Kafka may make no progress
     */
    public TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + patience.toNanos();
        Set<String> apps = new LinkedHashSet<>(appIds);
        Set<String> created = new LinkedHashSet<>();
        while (true) {
            try {
                Map<String, Topic> existing = admin.existing(topicsOf(apps));
                List<NewTopic> missing = missing(apps, existing);
                if (missing.isEmpty()) {
                    if (!created.isEmpty()) { // a partition that has lost its leader must not block other apps
                        admin.awaitLeaders(created);
                    }
                    return new TopicsResult.Ready(created, check(apps, existing));
                }
                created.addAll(admin.create(TopicPortion.of(missing)));
                deadline = nanoTime.getAsLong() + patience.toNanos();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || isOver(deadline)) {
                    String error = TopicErrors.inWords(e.getCause());
                    return e.getCause() instanceof AuthenticationException
                            ? new TopicsResult.Unavailable(error, true)
                            : new TopicsResult.Unavailable(error);
                }
            } catch (TimeoutException e) {
                return new TopicsResult.Unavailable(TopicErrors.NO_ANSWER);
            }
            if (isOver(deadline)) {
                return new TopicsResult.Unavailable("topics were created and are still not to be seen: try again");
            }
            // the other brokers learn of a new topic a moment later
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private boolean isOver(long deadline) {
        return nanoTime.getAsLong() - deadline >= 0;
    }

    private List<String> topicsOf(Set<String> apps) {
        List<String> topics = new ArrayList<>();
        for (String app : apps) {
            topics.addAll(List.of(names.messages(app), names.replay(app), names.dead(app)));
        }
        return topics;
    }

    /**
     * The topics to create. A dead topic or a replay topic is created after its messages topic, because its limit
     * must be larger.
     */
    private List<NewTopic> missing(Set<String> apps, Map<String, Topic> existing) {
        List<NewTopic> missing = new ArrayList<>();
        for (String app : apps) {
            Topic messages = existing.get(names.messages(app));
            if (messages == null) {
                missing.add(plan.messages(names.messages(app)));
                continue;
            }
            if (!existing.containsKey(names.replay(app))) {
                missing.add(plan.replays(names.replay(app), messages.limit()));
            }
            if (!existing.containsKey(names.dead(app))) {
                missing.add(plan.deadLetters(names.dead(app), messages.limit()));
            }
        }
        return missing;
    }

    private List<TopicFinding> check(Set<String> apps, Map<String, Topic> existing) {
        TopicChecks checks = new TopicChecks();
        for (String app : apps) {
            Topic messages = get(existing, names.messages(app));
            checks.carrying(messages);
            checks.replays(get(existing, names.replay(app)), messages);
            checks.deadLetters(get(existing, names.dead(app)), messages);
        }
        return checks.findings();
    }

    private static Topic get(Map<String, Topic> existing, String name) {
        Topic topic = existing.get(name);
        if (topic == null) {
            throw new IllegalStateException("nothing is missing, but " + name + " is not there");
        }
        return topic;
    }
}
