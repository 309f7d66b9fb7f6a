package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus and Grafana of docker-compose.yml look at what runs there. */
@Timeout(60)
class ComposeMonitoringTest {
    private static final Path DOCKER = Distribution.checkout().resolve("deploy/docker");

    @TempDir
    Path folder;

    @Test
    void everyRelayIsScrapedAtItsPort() throws IOException {
        List<String> targets = new ArrayList<>();
        for (JsonNode job : read("prometheus.yml").path("scrape_configs")) {
            String service = job.path("job_name").asText().replace("relay-", "");
            for (JsonNode target : job.path("static_configs").path(0).path("targets")) {
                assertThat(target.asText()).startsWith(service + "-").endsWith(":" + port(service));
                targets.add(target.asText().replaceAll(":.*", ""));
            }
        }

        ComposeFile compose = ComposeFile.read();
        List<String> relays = new ArrayList<>(compose.services("ingest-").keySet());
        relays.addAll(compose.services("dispatch-").keySet());
        assertThat(targets).containsExactlyInAnyOrderElementsOf(relays);
    }

    private static String port(String service) throws IOException {
        return Dockerfile.of(service).only("EXPOSE");
    }

    @Test
    void prometheusTakesItsConfiguration() throws Exception {
        Files.copy(DOCKER.resolve("prometheus.yml"), folder.resolve("prometheus.yml"));
        for (ComposeFile.Mount mount :
                ComposeFile.mounts(ComposeFile.read().services().get("prometheus"))) {
            Path name = Path.of(mount.target()).getFileName();
            Files.writeString(folder.resolve(name), Files.readString(mount.source()));
        }

        Promtool.accepts(folder, "check", "config", "prometheus.yml");
    }

    @Test
    void grafanaFindsPrometheusAndTheDashboards() throws IOException {
        ComposeFile compose = ComposeFile.read();
        JsonNode source = read("grafana/provisioning/datasources/prometheus.yml")
                .path("datasources")
                .path(0);
        JsonNode provider = read("grafana/provisioning/dashboards/mqtt-relay.yml")
                .path("providers")
                .path(0);

        URI url = URI.create(source.path("url").asText());
        assertThat(compose.services()).containsKey(url.getHost());
        assertThat(compose.services().get(url.getHost()).path("ports").toString())
                .contains(":" + url.getPort() + "\"");
        assertThat(ComposeFile.mounts(compose.services().get("grafana")))
                .extracting(ComposeFile.Mount::target)
                .contains(provider.path("options").path("path").asText(), "/etc/grafana/provisioning");
    }

    private static JsonNode read(String file) throws IOException {
        return new YAMLMapper().readTree(DOCKER.resolve(file).toFile());
    }
}
