package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The size of a service's heap after a full collection, as {@code jcmd} of its own JDK counts it. */
final class LiveHeap {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
    private static int looks;

    private LiveHeap() {}

    static long bytes(Path folder, RelayService service) {
        long pid = service.process().pid();
        String java = ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow();
        List<String> line =
                List.of(Path.of(java).resolveSibling("jcmd").toString(), Long.toString(pid), "GC.class_histogram");
        try (JavaProcess jcmd = JavaProcess.start(folder, "jcmd-" + ++looks, line, Map.of())) {
            assertThat(jcmd.awaitExit(Duration.ofSeconds(60)))
                    .as(jcmd::toString)
                    .isZero();
            return Long.parseLong(jcmd.await(TOTAL, Duration.ofSeconds(1)).group(1));
        }
    }
}
