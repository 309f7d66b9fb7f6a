package io.mqttrelay.quickstart;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.embedded.EmbeddedMqtt;
import io.mqttrelay.embedded.LoopbackPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded servers of one quickstart. They start in parallel and close in parallel, which halves the wait.
 *
 * @param kafka null: the configuration names one
 */
record Servers(@Nullable EmbeddedKafka kafka, List<EmbeddedMqtt> mqtt) implements AutoCloseable {
    private static final int KAFKA_PORT = 9092;

    /**
     * Starts the servers to be embedded.
     *
     * @throws IllegalStateException with the reason if one cannot start; none runs then
     */
    static Servers start(Embedding embedding, Path folder) {
        Queue<AutoCloseable> started = new ConcurrentLinkedQueue<>();
        CompletableFuture<@Nullable EmbeddedKafka> kafka =
                async(() -> embedding.kafka() ? noted(startKafka(folder.resolve("kafka")), started) : null);
        List<CompletableFuture<EmbeddedMqtt>> mqtt = embedding.mqttPorts().stream()
                .sorted()
                .map(port -> async(() -> noted(startMqtt(folder, port), started)))
                .toList();
        try {
            List<EmbeddedMqtt> brokers =
                    mqtt.stream().map(CompletableFuture::join).toList();
            return new Servers(kafka.join(), brokers);
        } catch (CompletionException e) {
            CompletableFuture.allOf(kafka, CompletableFuture.allOf(mqtt.toArray(CompletableFuture<?>[]::new)))
                    .exceptionally(other -> null)
                    .join();
            closeAll(started);
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static EmbeddedKafka startKafka(Path folder) {
        return EmbeddedKafka.builder()
                .data(folder)
                .port(LoopbackPorts.isFree(KAFKA_PORT) ? KAFKA_PORT : 0)
                .launch();
    }

    private static EmbeddedMqtt startMqtt(Path folder, int port) {
        return EmbeddedMqtt.builder()
                .data(folder.resolve("mqtt-" + port))
                .keepingSessions()
                .port(port)
                .launch();
    }

    private static <S extends AutoCloseable> S noted(S server, Queue<AutoCloseable> started) {
        started.add(server);
        return server;
    }

    /** Runs work on a new thread, because the common pool is for work that does not wait. */
    private static <T extends @Nullable Object> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "quickstart-server");
            thread.setDaemon(true);
            thread.start();
        });
    }

    @Override
    public void close() {
        Collection<AutoCloseable> all = new ArrayList<>(mqtt);
        if (kafka != null) {
            all.add(kafka);
        }
        closeAll(all);
    }

    private static void closeAll(Collection<AutoCloseable> servers) {
        List<CompletableFuture<Boolean>> closing =
                servers.stream().map(server -> async(() -> closed(server))).toList();
        closing.forEach(CompletableFuture::join);
    }

    private static Boolean closed(AutoCloseable server) {
        try {
            server.close();
            return true;
        } catch (Exception e) {
            throw new IllegalStateException("an embedded server does not close: " + e.getMessage(), e);
        }
    }
}
