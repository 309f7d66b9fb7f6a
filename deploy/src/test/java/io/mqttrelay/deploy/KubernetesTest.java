package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** deploy/kubernetes, rendered as a cluster would get it. */
@Timeout(60)
class KubernetesTest {
    private static final String NAME = "app.kubernetes.io/name";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"development", "production"})
    void everyObjectIsOneThatKubernetesKnows(String overlay) throws Exception {
        KubernetesModel model = new KubernetesModel();
        List<String> others = new ArrayList<>();
        for (JsonNode object : Rendered.overlay(overlay, folder).all()) {
            if (model.knows(object)) {
                model.check(object);
            } else {
                others.add(object.path("apiVersion").asText());
            }
        }

        assertThat(others).isSubsetOf("keda.sh/v1alpha1", "monitoring.coreos.com/v1");
    }

    @Test
    void aKeyThatKubernetesDoesNotKnowIsSeen() throws Exception {
        JsonNode workload = Rendered.overlay("development", folder).workload("ingest");
        ((ObjectNode) workload.at("/spec/template/spec/containers/0")).put("redinessProbe", 1);

        assertThatThrownBy(() -> new KubernetesModel().check(workload)).hasMessageContaining("redinessProbe");
    }

    @ParameterizedTest
    @CsvSource({"development,ingest", "development,dispatch", "production,ingest", "production,dispatch"})
    void podsMayDoNothingThatIsNotTheirs(String overlay, String service) throws Exception {
        Rendered rendered = Rendered.overlay(overlay, folder);
        JsonNode pod = rendered.pod(service);
        JsonNode container = rendered.container(service).path("securityContext");

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asText() + ":"
                        + pod.at("/securityContext/runAsGroup").asText())
                .isEqualTo(Dockerfile.of(service).only("USER"));
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(container.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(rendered.only("Namespace", "mqtt-relay")
                        .at("/metadata/labels")
                        .toString())
                .contains("\"pod-security.kubernetes.io/enforce\":\"restricted\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void itIsAskedWhereItAnswersAndHasTimeToEnd(String service) throws Exception {
        Rendered rendered = Rendered.overlay("production", folder);
        JsonNode container = rendered.container(service);
        String grace = new ObjectMapper()
                .readTree(DeployedFile.path().toFile())
                .path("shutdown_grace")
                .asText();

        assertThat(container.path("args").toString()).isEqualTo("[\"" + service + "\"]");
        assertThat(container.at("/ports/0/containerPort").asText())
                .isEqualTo(Dockerfile.of(service).only("EXPOSE"));
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(rendered.pod(service).path("terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(Integer.parseInt(grace.replace("s", "")) + 15);
    }

    @ParameterizedTest
    @CsvSource({
        "development,ingest,",
        "development,dispatch,",
        "production,ingest,registry.example.com/",
        "production,dispatch,registry.example.com/"
    })
    void theOverlaySaysWhereTheImageIsAndWhich(String overlay, String service, String registry) throws Exception {
        String image = (registry == null ? "" : registry) + "mqtt-relay/" + service;

        assertThat(Rendered.overlay(overlay, folder)
                        .container(service)
                        .path("image")
                        .asText())
                .matches(Pattern.quote(image) + ":\\d+\\.\\d+\\.\\d+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void aPodThatIsNotReadyKeepsNoNodeFromBeingEmptied(String service) throws Exception {
        JsonNode budget = Rendered.overlay("production", folder).only("PodDisruptionBudget", "relay-" + service);

        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
        assertThat(budget.at("/spec/unhealthyPodEvictionPolicy").asText()).isEqualTo("AlwaysAllow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "dispatch"})
    void selectorsMatchTheirPods(String service) throws Exception {
        Rendered rendered = Rendered.overlay("production", folder);
        String name = "relay-" + service;
        JsonNode workload = rendered.workload(service);

        assertThat(List.of(
                        workload.at("/spec/selector/matchLabels"),
                        rendered.only("PodDisruptionBudget", name).at("/spec/selector/matchLabels"),
                        rendered.only("NetworkPolicy", name).at("/spec/podSelector/matchLabels"),
                        rendered.only("Service", name).at("/spec/selector")))
                .allSatisfy(selector -> assertThat(selector.path(NAME).asText()).isEqualTo(name));
        assertThat(workload.at("/spec/template/metadata/labels").path(NAME).asText())
                .isEqualTo(name);
    }

    @Test
    void ingestsKeepTheirNames() throws Exception {
        Rendered rendered = Rendered.overlay("production", folder);

        assertThat(rendered.environment("ingest")).containsEntry("RELAY_INSTANCE", "metadata.name");
        assertThat(rendered.workload("ingest").at("/spec/serviceName").asText()).isEqualTo("relay-ingest");
        assertThat(rendered.only("Service", "relay-ingest")
                        .at("/spec/clusterIP")
                        .asText())
                .isEqualTo("None");
    }

    @Test
    void dispatchersAreScaledByTheLagOfTheirGroup() throws Exception {
        Rendered rendered = Rendered.overlay("production", folder);
        JsonNode scaled = rendered.only("ScaledObject", "relay-dispatch").path("spec");
        JsonNode trigger = scaled.at("/triggers/0/metadata");

        assertThat(scaled.at("/scaleTargetRef/name").asText()).isEqualTo("relay-dispatch");
        assertThat(rendered.workload("dispatch").path("spec").has("replicas")).isFalse();
        assertThat(scaled.path("minReplicaCount").asInt()).isEqualTo(2);
        assertThat(scaled.path("maxReplicaCount").asInt()).isBetween(2, 12);
        assertThat(trigger.path("bootstrapServers").asText())
                .isEqualTo(rendered.environment("dispatch").get("KAFKA_BOOTSTRAP_SERVERS"));
        assertThat(trigger.path("consumerGroup").asText()).isEqualTo("relay-dispatch");
        assertThat(trigger.path("version").asText())
                .as("KEDA's default is too old for Kafka 4")
                .isEqualTo("3.0.0");
    }

    @Test
    void callbacksMayBeInTheClusterToo() throws Exception {
        List<JsonNode> callbacks = new ArrayList<>();
        for (JsonNode rule : Rendered.overlay("production", folder)
                .only("NetworkPolicy", "relay-dispatch")
                .at("/spec/egress")) {
            rule.path("to").forEach(callbacks::add);
        }

        assertThat(callbacks).extracting(to -> to.at("/ipBlock/cidr").asText()).contains("0.0.0.0/0", "::/0");
        assertThat(callbacks)
                .extracting(to -> to.at("/namespaceSelector/matchLabels").toString())
                .contains("{\"mqtt-relay/callbacks\":\"true\"}");
    }

    @Test
    void theAlertsAreThoseOfEverybodyElse() throws Exception {
        JsonNode rule = Rendered.overlay("production", folder).only("PrometheusRule", "mqtt-relay");

        assertThat(rule.path("spec")).isEqualTo(AlertRules.read("alerts.yml"));
    }

    @Test
    void prometheusFindsBothServicesByTheNamesOfTheAlerts() throws Exception {
        Rendered rendered = Rendered.overlay("production", folder);
        JsonNode monitor = rendered.only("ServiceMonitor", "mqtt-relay").path("spec");

        assertThat(rendered.all("Service"))
                .extracting(service -> service.at("/metadata/name").asText())
                .containsExactlyInAnyOrder("relay-ingest", "relay-dispatch");
        assertThat(rendered.all("Service")).allSatisfy(service -> {
            assertThat(service.at("/metadata/labels").properties())
                    .containsAll(monitor.at("/selector/matchLabels").properties());
            assertThat(service.at("/spec/ports/0/name")).isEqualTo(monitor.at("/endpoints/0/port"));
        });
    }
}
