package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.kafka.KafkaClients;
import io.mqttrelay.common.kafka.TopicLink;
import io.mqttrelay.common.topic.TopicNames;
import io.mqttrelay.common.topic.TopicPlan;
import io.mqttrelay.embedded.EmbeddedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The topic of sessions, on a Kafka that forbids to create topics. */
class SessionTopicIT {
    private static final String TOPIC = "relay._sessions";
    private static final TopicPlan PLAN = new TopicPlan(3, null, Duration.ofDays(1), Duration.ofDays(1));

    private TopicLink link;

    @AfterEach
    void close() {
        link.close();
    }

    @Test
    void aTopicOfAnOperatorNeedsNoRightToCreate() throws Exception {
        try (EmbeddedKafka kafka = guarded();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            SessionTopic topic = topic(kafka);
            forbidToCreate(admin);
            assertThatThrownBy(topic::read).isInstanceOf(KafkaException.class).hasMessageContaining("uthoriz");

            permitToCreate(admin);
            admin.createTopics(List.of(PLAN.sessions(TOPIC))).all().get(20, TimeUnit.SECONDS);
            forbidToCreate(admin);
            assertThat(topic.read()).isEmpty();
            topic.write(Map.of("client", "broker:1883"));
            assertThat(topic.read()).containsExactly(Map.entry("client", "broker:1883"));
        }
    }

    @Test
    void aMissingTopicIsCreated() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.launch()) {
            SessionTopic topic = topic(kafka);
            assertThat(topic.read()).isEmpty();
            topic.write(Map.of("client", "broker:1883"));
            assertThat(topic.read()).containsExactly(Map.entry("client", "broker:1883"));
        }
    }

    private static EmbeddedKafka guarded() {
        return EmbeddedKafka.builder()
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("allow.everyone.if.no.acl.found", "true")
                .launch();
    }

    private SessionTopic topic(EmbeddedKafka kafka) {
        KafkaClients clients = clients(kafka);
        link = new TopicLink(clients, PLAN, new TopicNames("relay"));
        return new SessionTopic(clients, link, PLAN, TOPIC);
    }

    private static KafkaClients clients(EmbeddedKafka kafka) {
        KafkaSettings settings = new KafkaSettings(
                kafka.bootstrapServers(),
                "relay",
                3,
                null,
                Duration.ofDays(1),
                Duration.ofDays(1),
                Map.of(),
                Map.of(),
                Map.of());
        return new KafkaClients(settings, "test");
    }

    private static void forbidToCreate(Admin admin) throws Exception {
        admin.createAcls(acls()).all().get(20, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(20)).until(() -> !mayCreate(admin)); // Kafka's nodes learn of it later
    }

    private static boolean mayCreate(Admin admin) throws Exception {
        try {
            admin.createTopics(List.of(PLAN.sessions(TOPIC)), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOfAny(AuthorizationException.class, TopicExistsException.class);
            return e.getCause() instanceof TopicExistsException;
        }
    }

    private static void permitToCreate(Admin admin) throws Exception {
        admin.deleteAcls(acls().stream().map(AclBinding::toFilter).toList())
                .all()
                .get(20, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(20)).until(() -> mayCreate(admin));
    }

    private static List<AclBinding> acls() {
        ResourcePattern cluster = new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);
        ResourcePattern topic = new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL);
        return List.of(
                new AclBinding(cluster, entry(AclOperation.ALL, AclPermissionType.ALLOW)),
                new AclBinding(cluster, entry(AclOperation.CREATE, AclPermissionType.DENY)),
                new AclBinding(topic, entry(AclOperation.ALL, AclPermissionType.ALLOW)),
                new AclBinding(topic, entry(AclOperation.CREATE, AclPermissionType.DENY)));
    }

    private static AccessControlEntry entry(AclOperation operation, AclPermissionType type) {
        return new AccessControlEntry("User:ANONYMOUS", "*", operation, type);
    }
}
