package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * Kafka Connect, standalone, with Aiven's HTTP sink in batches of 500, which it joins to an array. The sink is in no
 * registry, so both come from the class path of {@code --connect}.
 */
final class ConnectBatches {
    private static final String STANDALONE = "org.apache.kafka.connect.cli.ConnectStandalone";
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String TEXT = "org.apache.kafka.connect.storage.StringConverter";

    private ConnectBatches() {}

    public static void main(String[] words) throws IOException, ReflectiveOperationException {
        Parent.endWithIt();
        Work work = Work.of(words);
        Path folder = Files.createDirectory(Path.of(ProgramArguments.of(words).text("folder"), work.group()));
        String[] files = {
            write(folder.resolve("worker.properties"), worker(work, folder)),
            write(folder.resolve("sink.properties"), sink(work))
        };
        try {
            Class.forName(STANDALONE).getMethod("main", String[].class).invoke(null, (Object) files);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Kafka Connect ended", e.getCause());
        }
    }

    private static Map<String, String> worker(Work work, Path folder) {
        return Map.of(
                "bootstrap.servers",
                work.bootstrapServers(),
                "key.converter",
                TEXT,
                "value.converter",
                TEXT,
                "header.converter",
                BYTES, // the default guesses each type
                "listeners",
                "http://127.0.0.1:0",
                "plugin.discovery",
                "only_scan", // also finds sinks on the class path
                "offset.storage.file.filename",
                folder.resolve("offsets").toString());
    }

    private static Map<String, String> sink(Work work) {
        return Map.ofEntries(
                Map.entry("name", work.group()),
                Map.entry("connector.class", "io.aiven.kafka.connect.http.HttpSinkConnector"),
                Map.entry("tasks.max", "1"),
                Map.entry("topics", work.topic()),
                Map.entry("http.url", work.url()),
                Map.entry("http.authorization.type", "none"),
                Map.entry("http.headers.content.type", "application/json"),
                Map.entry("batching.enabled", "true"),
                Map.entry("batch.max.size", "500"),
                Map.entry("batch.prefix", "["),
                Map.entry("batch.separator", ","),
                Map.entry("batch.suffix", "]"));
    }

    private static String write(Path file, Map<String, String> values) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file.toString();
    }
}
