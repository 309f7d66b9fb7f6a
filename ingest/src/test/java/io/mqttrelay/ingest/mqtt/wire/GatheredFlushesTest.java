package io.mqttrelay.ingest.mqtt.wire;

import io.mqttrelay.testkit.process.JavaProcess;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the MQTT client's connections write the acknowledgements of a turn together; in a process of its own, as in production. */
final class GatheredFlushesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @ValueSource(strings = {"mqtt3", "mqtt5"})
    void theClientHasNoWordInWhenSomethingIsWritten(String version, @TempDir Path folder) {
        JavaProcess process = JavaProcess.start(
                folder, new JavaProcess.Command(version, List.of(), FirstConnection.class, List.of(version)));
        try {
            process.await(
                    Pattern.compile(FirstConnection.NEXT_TO_THE_SOCKET + FlushConsolidationHandler.class.getSimpleName()
                            + "\n"),
                    PATIENCE);
        } finally {
            process.kill();
        }
    }
}
