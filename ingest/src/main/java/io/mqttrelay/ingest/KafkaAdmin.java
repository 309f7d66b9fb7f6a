package io.mqttrelay.ingest;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.ingest.write.TopicKeeper;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The admin client behind {@link TopicKeeper}. Made when first needed, and anew after a failure: it does not start where
 * no address of Kafka resolves, and a rejected password stays with it.
 */
final class KafkaAdmin implements TopicKeeper.Kafka {
    private static final long PING_SECONDS = 5;

    private final KafkaClients clients;
    private final TopicPlan plan;
    private final TopicNames names;
    private @Nullable Admin admin;

    KafkaAdmin(KafkaClients clients, TopicPlan plan, TopicNames names) {
        this.clients = clients;
        this.plan = plan;
        this.names = names;
    }

    @Override
    public TopicsResult ensure(Collection<String> appIds) throws InterruptedException {
        try {
            return new KafkaTopics(admin(), plan, names).ensure(appIds);
        } catch (KafkaException e) {
            return new TopicsResult.Unavailable(text(e));
        }
    }

    @Override
    public @Nullable String ping() throws InterruptedException {
        try {
            admin().describeCluster().clusterId().get(PING_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (TimeoutException e) {
            return "no answer within " + PING_SECONDS + " s";
        } catch (ExecutionException | KafkaException e) {
            close();
            return text(e);
        }
    }

    private Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = clients.admin("topics");
            admin = open;
        }
        return open;
    }

    private static String text(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}+", " ");
    }

    @Override
    public void close() {
        Admin open = admin;
        admin = null;
        if (open != null) {
            open.close(Duration.ZERO);
        }
    }
}
