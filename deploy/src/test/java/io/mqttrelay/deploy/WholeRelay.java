package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttrelay.common.cli.ServiceProcess;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.dispatch.DispatchService;
import io.mqttrelay.ingest.IngestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ingest and dispatch, both in this process, from one configuration file like a user's. Belongs to the test's thread. */
final class WholeRelay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final IngestService ingest;
    private final DispatchService dispatch;
    private final List<Throwable> failures;
    private final HttpClient http = HttpClient.newHttpClient();

    private WholeRelay(IngestService ingest, DispatchService dispatch, List<Throwable> failures) {
        this.ingest = ingest;
        this.dispatch = dispatch;
        this.failures = failures;
    }

    /** Starts both, and waits until both say that they do their job. */
    static WholeRelay start(Path folder, String configuration) throws IOException {
        Path file = Files.writeString(folder.resolve("relay.json"), configuration);
        ConfigResult result = ConfigReader.read(file, name -> null);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        RelayConfig config = ((ConfigResult.Valid) result).config();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        IngestService ingest = IngestService.start(config, "test", failures::add);
        DispatchService dispatch = DispatchService.start(config, "test", failures::add);
        WholeRelay relay = new WholeRelay(ingest, dispatch, failures);
        await("both are ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> relay.isReady(ingest) && relay.isReady(dispatch));
        return relay;
    }

    private boolean isReady(ServiceProcess.Service service) {
        return get(service, "/health/ready?all").statusCode() == 200;
    }

    /** What ingest's {@code /metrics} says. */
    String ingestMetrics() {
        return get(ingest, "/metrics").body();
    }

    /** What dispatch's {@code /metrics} says. */
    String dispatchMetrics() {
        return get(dispatch, "/metrics").body();
    }

    private HttpResponse<String> get(ServiceProcess.Service service, String path) {
        URI uri = URI.create("http://127.0.0.1:" + service.adminAddress().getPort() + path);
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for " + uri, e);
        }
    }

    /** Ends both as SIGTERM does. */
    @Override
    public void close() {
        try {
            ingest.close(GRACE);
            dispatch.close(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(failures).as("what escaped from a thread").isEmpty();
    }
}
