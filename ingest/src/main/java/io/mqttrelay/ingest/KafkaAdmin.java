package io.mqttrelay.ingest;

import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.topic.KafkaTopics;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.common.topic.TopicsResult;
import io.mqttrelay.ingest.write.RecordWriter;
import io.mqttrelay.ingest.write.TopicKeeper;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The admin client behind {@link TopicKeeper}. It is created at the first use and again after each failure: a client
 * cannot be created while no address of Kafka resolves, and it keeps a rejected password.
 */
final class KafkaAdmin implements TopicKeeper.Kafka {
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
    public TopicsResult ensure(Collection<String> appIds, Duration patience) throws InterruptedException {
        try {
            return new KafkaTopics(admin(), plan, names).ensure(appIds, patience);
        } catch (KafkaException e) {
            return new TopicsResult.Unavailable(clients.reach().whyNot(e));
        }
    }

    @Override
    public Set<RecordWriter.Suspect> healthy(List<RecordWriter.Suspect> suspects) throws InterruptedException {
        try {
            return new PartitionHealth(admin()).healthy(suspects);
        } catch (KafkaException e) {
            return Set.of();
        }
    }

    @Override
    public @Nullable String ping(boolean suspected) throws InterruptedException {
        if (suspected) {
            clients.reach().suspectOutage();
        }
        String problem;
        try {
            problem = clients.reach().problem(admin());
        } catch (KafkaException e) {
            problem = clients.reach().whyNot(e);
        }
        if (problem != null) {
            close(); // a client keeps its rejected credentials
        }
        return problem;
    }

    private Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = clients.admin("topics");
            admin = open;
        }
        return open;
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
