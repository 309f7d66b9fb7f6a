package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.CallbackServer;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import io.mqttrelay.testkit.kafka.SecureKafka;
import io.mqttrelay.testkit.mqtt.MosquittoProcess;
import io.mqttrelay.testkit.mqtt.MqttPublisher;
import io.mqttrelay.testkit.mqtt.RequiresMosquitto;
import io.mqttrelay.testkit.net.TestCertificates;
import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both services and all commands with secrets wherever a configuration can have some, logging all they can, on paths that
 * succeed and that fail: no secret comes out anywhere.
 */
@RequiresMosquitto
class PlantedSecretsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern ADMIN = Pattern.compile("health and metrics on (http://[^\\s\"]+)");
    private static final int FAILING_ADDRESSES = 5;

    private final Planted planted = new Planted();
    private final String mqttPassword = planted.secret("MQTT password");

    /** What callbacks send back of what they were sent: headers, and each its own query. */
    private final List<String> echoed = new ArrayList<>();

    private final Map<String, String> tokens = new HashMap<>();

    @TempDir
    private Path folder;

    private String echoed(String secret) {
        echoed.add(secret);
        return secret;
    }

    private String query(String what) {
        String token = planted.secret("token in the query, " + what);
        tokens.put(what, token);
        return "?token=" + token;
    }

    private String login(String what) {
        return "user:" + planted.secret("password in the URL, " + what) + "@";
    }

    private String configuration(SecureKafka kafka, int mqttPort, CallbackServer callback) throws IOException {
        TestCertificates.Identity client = new TestCertificates(folder.resolve("callbacks")).client("relay");
        planted.keyFile("callback's client key", Files.readString(client.keyFile()));
        Files.writeString(folder.resolve("token"), echoed(planted.secret("header from a file")) + "\n");
        String host = "127.0.0.1:" + callback.port();
        String jaas =
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\\\"relay\\\" password=\\\""
                        + planted.known("Kafka password", SecureKafka.PASSWORD) + "\\\";";
        return """
            {"mqtt_brokers": [
              {"client_id": "good", "broker_ip": "127.0.0.1", "broker_port": MQTT, "username": "relay", "password": "PASSWORD",
               "sub_deal_config": {"app_id": "plant", "subTopic": {"topic": "plant/#", "qos": 1}, "retry": 0, "hold_for": "0s",
                 "circuit_breaker": false, "timeout": "5s",
                 "headers": {"Authorization": "Bearer BEARER", "X-Api-Key": "APIKEY", "Cookie": "session=COOKIE",
                             "X-Any": "ANY", "X-From-File": "${file:token}"},
                 "signing_secrets": ["SIGN1", "SIGN2"],
                 "callbackAddress": [
                   "http://HOST/okQUERY1",
                   "http://HOST/rejectQUERY2",
                   "http://HOST/redirectQUERY3",
                   {"url": "http://LOGIN4127.0.0.1:1/refusedQUERY4", "headers": {}},
                   {"url": "https://HOST/tlsQUERY5", "tls": {"cert_file": "CERT", "key_file": "KEY"}},
                   "http://nowhere.invalid/QUERY6"]}},
              {"client_id": "wrong", "broker_ip": "127.0.0.1", "broker_port": MQTT, "username": "relay", "password": "WRONG",
               "sub_deal_config": {"app_id": "other", "subTopic": {"topic": "o"}, "callbackAddress": "http://LOGIN7HOST/7"}}],
             "kafka": {"bootstrap_servers": "localhost:KAFKA", "partitions": 1, "replication_factor": 1, "properties": {
               "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "ssl.truststore.type": "PEM",
               "ssl.truststore.location": "KAFKACA", "ssl.truststore.password": "",
               "ssl.key.password": "KEYPASSWORD", "sasl.jaas.config": "JAAS"}},
             "admin": {"ingest_port": 0, "dispatch_port": 0, "token": "ADMINTOKEN"},
             "log_config": {"level": "trace", "filename": "logs/relay.log"}}
            """.replace("\"ssl.truststore.password\": \"\",", "")
                .replace("MQTT,", mqttPort + ",")
                .replace("PASSWORD\",\n   \"sub", mqttPassword + "\",\n   \"sub")
                .replace("WRONG", planted.secret("wrong MQTT password"))
                .replace("BEARER", echoed(planted.secret("Authorization")))
                .replace("APIKEY", echoed(planted.secret("X-Api-Key")))
                .replace("COOKIE", echoed(planted.secret("Cookie")))
                .replace("\"ANY\"", "\"" + echoed(planted.secret("X-Any")) + "\"")
                .replace("SIGN1", planted.signingSecret("signing secret 1"))
                .replace("SIGN2", planted.signingSecret("signing secret 2"))
                .replace("QUERY1", query("accepted"))
                .replace("QUERY2", query("rejected"))
                .replace("QUERY3", query("redirected"))
                .replace("QUERY4", query("refused"))
                .replace("QUERY5", query("TLS"))
                .replace("QUERY6", query("unknown host"))
                .replace("LOGIN4", login("refused"))
                .replace("LOGIN7", login("never called"))
                .replace("HOST", host)
                .replace("\"CERT\"", "\"" + client.certFile() + "\"")
                .replace("\"KEY\"", "\"" + client.keyFile() + "\"")
                .replace("KAFKACA", folder.resolve("authority/ca.pem").toString())
                .replace("localhost:KAFKA", "localhost:" + kafka.saslPort())
                .replace("KEYPASSWORD", planted.secret("password of a Kafka key"))
                .replace("JAAS", jaas)
                .replace("ADMINTOKEN", planted.secret("admin token") + planted.secret("admin token's end"));
    }

    @Test
    void noSecretComesOutAnywhere() throws Exception {
        TestCertificates authority = new TestCertificates(folder.resolve("authority"));
        try (CallbackServer callback = CallbackServer.start();
                MosquittoProcess mosquitto = MosquittoProcess.builder()
                        .user("relay", mqttPassword)
                        .user("device", "device")
                        .launch();
                SecureKafka kafka = SecureKafka.launch(authority, folder)) {
            Path config = folder.resolve("relay.json");
            Files.writeString(config, configuration(kafka, mosquitto.port(), callback));
            assertThat(planted.count()).isGreaterThan(20);
            String echo = String.join(" ", echoed) + " ";
            String rejected = echo + tokens.get("rejected");
            String redirected = echo + tokens.get("redirected");
            callback.on("/reject", Answer.status(400, rejected, "X-Echo: " + rejected));
            callback.on(
                    "/redirect", Answer.status(302, redirected, "Location: http://elsewhere.example/?" + redirected));
            try (JavaProcess ingest = service(io.mqttrelay.ingest.Main.class, "ingest", config);
                    JavaProcess dispatch = service(io.mqttrelay.dispatch.Main.class, "dispatch", config)) {
                URI ingestAdmin = admin(ingest);
                URI dispatchAdmin = admin(dispatch);
                await().atMost(PATIENCE)
                        .until(() -> get(ingestAdmin, "/health/ready").contains("refused"));
                publish(mosquitto);
                List<ConsumerRecord<byte[], byte[]>> dead = new KafkaRecords(
                                kafka.kafka().bootstrapServers())
                        .await("relay.plant.dead", FAILING_ADDRESSES, PATIENCE);
                callback.await("/ok", 1, PATIENCE);

                dead.forEach(letter -> planted.assertNotIn("a dead letter", text(letter)));
                for (URI server : List.of(ingestAdmin, dispatchAdmin)) {
                    for (String path : List.of("/metrics", "/health/ready", "/health/live", "/", "/api", "/config")) {
                        planted.assertNotIn(server + path, get(server, path));
                    }
                }
                threadDump(ingest);
                threadDump(dispatch);
                assertThat(ingest.terminate(PATIENCE)).isZero();
                assertThat(dispatch.terminate(PATIENCE)).isZero();
            }
            commands(config);
            lookAtFiles();
        }
    }

    private JavaProcess service(Class<?> main, String name, Path config) {
        return JavaProcess.start(
                folder,
                new JavaProcess.Command(
                        name, List.of("-XX:+UseSerialGC"), main, List.of(name, "--config", config.toString())));
    }

    private static URI admin(JavaProcess process) {
        return URI.create(process.await(ADMIN, PATIENCE).group(1));
    }

    private static String get(URI server, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(server.resolve(path)).build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            return answer.headers().map() + "\n" + answer.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void publish(MosquittoProcess mosquitto) {
        try (MqttPublisher publisher = MqttPublisher.as("device", "device", mosquitto.port())) {
            publisher.send("plant/x", 1);
            publisher.flush();
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder();
        text.append(new String(record.key(), StandardCharsets.UTF_8));
        record.headers()
                .forEach(header -> text.append('\n')
                        .append(header.key())
                        .append('=')
                        .append(new String(header.value(), StandardCharsets.UTF_8)));
        return text.append('\n')
                .append(new String(record.value(), StandardCharsets.UTF_8))
                .toString();
    }

    private static void threadDump(JavaProcess process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                .start()
                .waitFor();
        process.await(Pattern.compile("Full thread dump"), PATIENCE);
    }

    /** Each writes its output into the folder. */
    private void commands(Path config) throws IOException {
        Path broken = Files.writeString(
                folder.resolve("broken.json"),
                Files.readString(config)
                        .replace("\"retry\": 0", "\"retrys\": 0")
                        .replace("127.0.0.1:1/", "127.0.0.1:99999/")
                        .replace("\"password\": \"", "\"password\": \"${nothing}"));
        Class<?> dispatch = io.mqttrelay.dispatch.Main.class;
        command(io.mqttrelay.dispatch.Main.class, "validate", "--config", config.toString());
        command(io.mqttrelay.dispatch.Main.class, "validate", "--config", broken.toString());
        command(dispatch, "explain", "--config", config.toString(), "--topic", "plant/x");
        command(dispatch, "dead-letters", "--config", config.toString());
        command(dispatch, "dead-letters", "--json", "--config", config.toString());
        command(dispatch, "replay", "--config", config.toString(), "--app-id", "plant", "--dry-run");
        command(dispatch, "replay", "--config", config.toString(), "--app-id", "plant", "--json");
    }

    private void command(Class<?> main, String... arguments) {
        String name = String.join("_", arguments).replaceAll("[^a-z_-]", "");
        try (JavaProcess process =
                JavaProcess.start(folder, new JavaProcess.Command(name, List.of(), main, List.of(arguments)))) {
            await().atMost(PATIENCE).until(() -> !process.isAlive());
            assertThat(process.output()).isNotEmpty();
        }
    }

    /** Everything that was printed or logged. */
    private void lookAtFiles() throws IOException {
        List<Path> said;
        try (Stream<Path> files = Files.walk(folder)) {
            said = files.filter(file -> file.toString().matches(".*\\.(out|log)"))
                    .toList();
        }
        assertThat(said).hasSizeGreaterThan(8);
        assertThat(Files.readString(folder.resolve("logs/relay.dispatch.log"))).contains(" DEBUG ");
        for (Path file : said) {
            planted.assertNotIn(file.getFileName().toString(), Files.readString(file));
        }
    }
}
