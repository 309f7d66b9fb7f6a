package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rows run under the limits that {@code deploy/} ships. */
class LimitsTest {
    private static String file(String name) throws IOException {
        return Files.readString(Path.of("..").resolve(name));
    }

    @Test
    void memoryIsThatOfAContainer() throws IOException {
        long megabytes = Limits.MEMORY >> 20;
        assertThat(file("docker-compose.yml")).contains("x-relay: &relay").contains("memory: " + megabytes + "m }");
        assertThat(file("deploy/kubernetes/base/ingest.yaml")).contains("memory: " + megabytes + "Mi");
        assertThat(file("deploy/kubernetes/base/dispatch.yaml")).contains("memory: " + megabytes + "Mi");
    }

    @Test
    void heapIsItsShareOfAContainer() throws IOException {
        String shipped = "-XX:MaxRAMPercentage=40 -XX:MaxDirectMemorySize=192m";
        assertThat(file("docker-compose.yml")).contains("RELAY_JAVA_OPTS: " + shipped);
        assertThat(file("deploy/kubernetes/base/ingest.yaml")).contains("value: " + shipped);
        assertThat(file("deploy/kubernetes/base/dispatch.yaml")).contains("value: " + shipped);
        long megabytes = (Limits.MEMORY >> 20) * 40 / 100;
        assertThat(Limits.JAVA).isEqualTo("-Xmx" + megabytes + "m -XX:MaxDirectMemorySize=192m");
    }
}
