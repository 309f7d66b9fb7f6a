package io.mqttrelay.bench.run;

import io.mqttrelay.bench.callback.CallbackProcess;
import io.mqttrelay.bench.load.PreloadMain;
import io.mqttrelay.bench.load.PublishMain;
import io.mqttrelay.bench.probe.ProbeMain;
import io.mqttrelay.bench.program.Programs;
import io.mqttrelay.bench.program.RelayConfiguration;
import io.mqttrelay.bench.server.KafkaMain;
import io.mqttrelay.bench.server.MqttBroker;
import io.mqttrelay.bench.wire.AppNames;
import io.mqttrelay.bench.wire.ProgramArguments;
import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/** The servers that all turns share: Kafka and the callback, each in a separate process. */
final class Stage implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PRELOAD = Duration.ofMinutes(5);
    private static final Pattern KAFKA_SERVES = Pattern.compile(KafkaMain.SERVES + "(\\S+)");

    private final Programs programs;
    private final JavaProcess kafka;
    private final String bootstrapServers;
    private final CallbackProcess callback;
    private final Admin admin;

    Stage(Programs programs) {
        this.programs = programs;
        Path folder = programs.folder();
        this.kafka = JavaProcess.start(
                folder,
                new JavaProcess.Command(
                        "kafka",
                        List.of("-Xmx1g", "-XX:+UseSerialGC"),
                        KafkaMain.class,
                        List.of(folder.resolve("kafka-data").toString())));
        this.bootstrapServers = kafka.await(KAFKA_SERVES, START).group(1);
        this.callback = CallbackProcess.start(folder);
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    Programs programs() {
        return programs;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Starts to measure the servers' costs. */
    ServerCosts serverCosts() {
        return new ServerCosts(kafka.pid(), callback.pid());
    }

    CallbackProcess callback() {
        return callback;
    }

    Admin admin() {
        return admin;
    }

    void createTopic(String topic, int partitions) {
        createTopics(List.of(topic), partitions);
    }

    void createTopics(Collection<String> topics, int partitions) {
        try {
            admin.createTopics(topics.stream()
                            .map(each -> new NewTopic(each, Optional.of(partitions), Optional.empty()))
                            .toList())
                    .all()
                    .get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot make the topics " + topics, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Deletes the existing ones of these topics, to free disk space and to restore the broker's state. */
    void deleteTopics(Collection<String> topics) {
        try {
            Set<String> present = new HashSet<>(admin.listTopics().names().get(START.toSeconds(), TimeUnit.SECONDS));
            present.retainAll(topics);
            admin.deleteTopics(present).all().get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot delete the topics " + topics, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Fills apps' topics with the same records as ingest. */
    void preload(AppNames apps, int records, Settings settings) {
        Map<String, String> words = load(apps.base(), records, settings);
        words.put("apps", Integer.toString(apps.count()));
        words.put("bootstrap", bootstrapServers);
        words.put("topic", RelayConfiguration.topic(""));
        try (JavaProcess preload = start("preload", PreloadMain.class, words)) {
            if (preload.awaitExit(PRELOAD) != 0) {
                throw new IllegalStateException("the records could not be written: " + preload);
            }
        }
    }

    MqttBroker startBroker() {
        return MqttBroker.start(programs.folder());
    }

    /**
     * Starts to publish with QoS 1; the process ends when all messages are acknowledged.
     *
     * @param perSecond 0: at the broker's full speed
     */
    JavaProcess publish(MqttBroker broker, String app, int records, int perSecond, Settings settings) {
        return publish(broker, app, 0, records, perSecond, settings);
    }

    /** Starts to publish the messages from number {@code from} on. */
    JavaProcess publish(MqttBroker broker, String app, int from, int records, int perSecond, Settings settings) {
        Map<String, String> words = load(app, records, settings);
        words.put("port", Integer.toString(broker.port()));
        words.put("per_second", Integer.toString(perSecond));
        words.put("from", Integer.toString(from));
        return start("publish", PublishMain.class, words);
    }

    /** Starts to observe messages; the process ends when it has seen all. */
    JavaProcess probe(MqttBroker broker, String app, int from, int records) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("app", app);
        words.put("port", Integer.toString(broker.port()));
        words.put("bootstrap", bootstrapServers);
        words.put("topic", RelayConfiguration.topic(app));
        words.put("from", Integer.toString(from));
        words.put("records", Integer.toString(records));
        return start("probe", ProbeMain.class, words);
    }

    private static Map<String, String> load(String app, int records, Settings settings) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("app", app);
        words.put("records", Integer.toString(records));
        words.put("topics", Integer.toString(settings.topics()));
        words.put("bytes", Integer.toString(settings.bytes()));
        return words;
    }

    private JavaProcess start(String what, Class<?> mainClass, Map<String, String> words) {
        return JavaProcess.start(
                programs.folder(),
                new JavaProcess.Command(
                        what + "-" + words.get("app"),
                        List.of("-XX:+UseSerialGC"),
                        mainClass,
                        new ProgramArguments(words).words()));
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
        callback.close();
        kafka.close();
    }
}
