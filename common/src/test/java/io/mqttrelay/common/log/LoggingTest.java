package io.mqttrelay.common.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.common.config.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoggingTest {
    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        ((LoggerContext) LogManager.getContext(false)).reconfigure();
    }

    @Test
    void theProcessNameGoesBeforeTheExtension() throws Exception {
        logged(settings("mqtt.log", LogSettings.Format.TEXT, 100, 3), "ingest", log -> log.info("hello"));

        assertThat(files()).containsExactly("mqtt.ingest.log");
    }

    @Test
    void aNameWithoutExtensionGetsTheProcessNameAtItsEnd() throws Exception {
        logged(settings("relaylog", LogSettings.Format.TEXT, 100, 3), "dispatch", log -> log.info("hello"));

        assertThat(files()).containsExactly("relaylog.dispatch");
    }

    @Test
    void aMessageIsOneLineAndNothingInItIsLookedUp() throws Exception {
        logged(
                settings("a.log", LogSettings.Format.TEXT, 100, 3),
                "ingest",
                log -> log.warn(
                        "topic {} from ${{env:PATH}} ${jndi:ldap://x}", "t\n2026-01-01 ERROR fake\u001b[2J\u202e"));

        assertThat(lines("a.ingest.log"))
                .singleElement()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  \\[[^]]+] LoggingTest: .*")
                .endsWith("topic t\\n2026-01-01 ERROR fake\\u001b[2J\\u202e from ${{env:PATH}} ${jndi:ldap://x}");
    }

    @Test
    void aJsonLineIsAnObject() throws Exception {
        logged(
                settings("a.log", LogSettings.Format.JSON, 100, 3),
                "ingest",
                log -> log.error("said \"{}\"", "a\nb", new IllegalStateException("why")));

        JsonNode line = new ObjectMapper().readTree(lines("a.ingest.log").get(0));

        assertThat(line.path("level").asText()).isEqualTo("ERROR");
        assertThat(line.path("message").asText()).isEqualTo("said \"a\nb\"");
        assertThat(line.path("error").asText()).startsWith("java.lang.IllegalStateException: why");
        assertThat(lines("a.ingest.log")).hasSize(1);
    }

    @Test
    void belowItsLevelNothingIsWritten() throws Exception {
        logged(settings("a.log", LogSettings.Format.TEXT, 100, 3), "ingest", log -> {
            log.debug("hidden");
            log.info("seen");
        });

        assertThat(lines("a.ingest.log")).singleElement().asString().endsWith("seen");
    }

    @Test
    void librariesSpeakOnlyWhenSomethingIsWrong() throws Exception {
        logged(settings("a.log", LogSettings.Format.TEXT, 100, 3), "ingest", log -> {
            LogManager.getLogger("org.apache.kafka.clients.producer.ProducerConfig")
                    .info("sasl.jaas.config = s3cret");
            LogManager.getLogger("org.apache.kafka.clients.NetworkClient").warn("every second");
            LogManager.getLogger("com.hivemq.client.Any").info("chatter");
            LogManager.getLogger("com.hivemq.client.internal.mqtt.handler.disconnect.MqttDisconnectHandler")
                    .warn("not an SSL/TLS record: 7061796c6f6164");
            LogManager.getLogger("org.apache.kafka.clients.Other").warn("careful");
        });

        assertThat(lines("a.ingest.log")).singleElement().asString().endsWith("careful");
    }

    @Test
    void aLibraryThatSpeaksOfEachMessageIsHeldBack() throws Exception {
        logged(settings("a.log", LogSettings.Format.TEXT, 100, 3), "ingest", log -> {
            Logger hivemq = LogManager.getLogger("com.hivemq.client.Any");
            for (int i = 0; i < 1000; i++) {
                hivemq.warn("dropped");
                hivemq.error("must not be resent");
            }
        });

        assertThat(lines("a.ingest.log")).hasSizeBetween(1, 25);
    }

    @Test
    void writesTheLogOfTheJdkToo() throws Exception {
        logged(
                settings("a.log", LogSettings.Format.TEXT, 100, 3),
                "ingest",
                log -> java.util.logging.Logger.getLogger("somebody").warning("from the JDK"));

        assertThat(lines("a.ingest.log")).singleElement().asString().contains("from the JDK");
    }

    @Test
    void aFileIsRolledAtItsSizeAndOnlySoManyAreKept() throws Exception {
        logged(settings("a.log", LogSettings.Format.TEXT, 1, 2), "ingest", log -> {
            String megabyte = "x".repeat(100_000);
            for (int i = 0; i < 50; i++) {
                log.info(megabyte);
            }
        });

        assertThat(files()).containsExactlyInAnyOrder("a.ingest.log", "a.ingest.1.log", "a.ingest.2.log");
        assertThat(Files.size(folder.resolve("a.ingest.1.log"))).isBetween(900_000L, 1_300_000L);
    }

    @Test
    void rolledFilesThatAreTooOldGoAndOthersFilesStay() throws Exception {
        Path old = Files.writeString(folder.resolve("a.ingest.7.log"), "old");
        Path others = Files.writeString(folder.resolve("a.dispatch.7.log"), "old");
        FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(8)));
        Files.setLastModifiedTime(old, longAgo);
        Files.setLastModifiedTime(others, longAgo);

        logged(settings("a.log", LogSettings.Format.TEXT, 1, 3), "ingest", log -> {
            for (int i = 0; i < 15; i++) {
                log.info("x".repeat(100_000));
            }
        });

        assertThat(files()).doesNotContain("a.ingest.7.log").contains("a.dispatch.7.log", "a.ingest.1.log");
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNotStopTheProcess() throws Exception {
        Path blocked = Files.writeString(folder.resolve("file"), "not a folder");
        LogSettings settings =
                new LogSettings(LogSettings.Level.INFO, blocked.resolve("a.log"), 100, 7, 3, LogSettings.Format.TEXT);

        logged(settings, "ingest", log -> log.info("still here"));

        assertThat(files()).containsExactly("file");
    }

    private interface Speaker {
        void speak(Logger log) throws Exception;
    }

    private static void logged(LogSettings settings, String process, Speaker speaker) throws Exception {
        try (Logging logging = Logging.configure(settings, process)) {
            speaker.speak(LogManager.getLogger(LoggingTest.class));
            assertThat(logging.dropped()).isZero();
        }
    }

    private LogSettings settings(String name, LogSettings.Format format, int megabytes, int backups) {
        return new LogSettings(LogSettings.Level.INFO, folder.resolve(name), megabytes, 7, backups, format);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name));
    }
}
