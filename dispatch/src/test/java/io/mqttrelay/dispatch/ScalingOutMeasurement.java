package io.mqttrelay.dispatch;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.SequencedMessage;
import io.mqttrelay.testkit.guarantee.Tally;
import io.mqttrelay.testkit.http.CountingCallback;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Not a test: how the throughput of one busy app rises with the dispatchers. Each round measures 1, 2 and 4 of them, one
 * after the other, on a backlog of 1,000 topics. Arguments: {@code max_in_flight}, the callback's milliseconds, rounds.
 */
final class ScalingOutMeasurement {
    private static final int[] DISPATCHERS = {1, 2, 4};
    private static final int TOPICS = 1000;
    private static final int BYTES = 200;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final int STARTS_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final int inFlight;
    private final Duration latency;

    private ScalingOutMeasurement(EmbeddedKafka kafka, int inFlight, Duration latency) {
        this.kafka = kafka;
        this.inFlight = inFlight;
        this.latency = latency;
    }

    public static void main(String[] args) throws Exception {
        int rounds = Integer.parseInt(args[2]);
        Map<Integer, List<Double>> rates = new TreeMap<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.launch()) {
            ScalingOutMeasurement measurement = new ScalingOutMeasurement(
                    kafka, Integer.parseInt(args[0]), Duration.ofMillis(Long.parseLong(args[1])));
            for (int round = 0; round < rounds; round++) {
                for (int dispatchers : DISPATCHERS) {
                    rates.computeIfAbsent(dispatchers, number -> new ArrayList<>())
                            .add(measurement.measure(dispatchers));
                }
            }
        }
        double alone = median(rates.get(1));
        rates.forEach((dispatchers, each) -> System.out.printf(
                "%d dispatchers: median %.0f/s, %.2f times one; all: %s%n",
                dispatchers,
                median(each),
                median(each) / alone,
                Arrays.toString(each.stream().mapToLong(Math::round).toArray())));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private double measure(int dispatchers) throws Exception {
        double most = dispatchers * inFlight * 1000.0 / latency.toMillis();
        int rounds = (int) (most * (WINDOW.toSeconds() + STARTS_SECONDS) / TOPICS) + 1;
        Tally tally = new Tally(TOPICS, rounds);
        Path folder = Files.createTempDirectory("scaling-out");
        try (DispatcherFleet fleet = new DispatcherFleet(kafka.bootstrapServers(), folder);
                CountingCallback callback =
                        CountingCallback.start(latency, body -> tally.accept(SequencedMessage.in(body)));
                SequencedRecords records = fleet.records(TOPICS, BYTES)) {
            records.rounds(rounds);
            records.flush();
            List<DispatcherProcess> processes = new ArrayList<>();
            for (int i = 0; i < dispatchers; i++) {
                processes.add(fleet.join(new DispatcherFleet.Settings(
                        List.of(callback),
                        List.of("\"max_in_flight\": " + inFlight),
                        List.of(),
                        List.of(),
                        List.of("-Xmx128m"))));
            }
            awaitAllDeliver(processes);
            double rate = rate(tally, processes);
            if (tally.distinct() == TOPICS * rounds) {
                throw new IllegalStateException("the backlog was done before the time was up");
            }
            System.out.printf(
                    "%d dispatchers: %.0f/s of %.0f/s that the callback's latency allows, %.2f processors, repeated %d, %s%n",
                    dispatchers,
                    rate,
                    most,
                    processors,
                    tally.repeated(),
                    Files.readString(Path.of("/proc/loadavg")).strip());
            return rate;
        }
    }

    private double processors;

    private double rate(Tally tally, List<DispatcherProcess> processes) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
        long begin = System.nanoTime();
        int before = tally.distinct();
        long cpu = cpuNanos(processes);
        TimeUnit.NANOSECONDS.sleep(WINDOW.toNanos());
        double seconds = (System.nanoTime() - begin) / 1e9;
        processors = (cpuNanos(processes) - cpu) / 1e9 / seconds;
        return (tally.distinct() - before) / seconds;
    }

    private static long cpuNanos(List<DispatcherProcess> processes) {
        return processes.stream()
                .mapToLong(each -> ProcessHandle.of(each.process().pid())
                        .flatMap(handle -> handle.info().totalCpuDuration())
                        .orElseThrow()
                        .toNanos())
                .sum();
    }

    private static void awaitAllDeliver(List<DispatcherProcess> processes) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (processes.stream()
                .anyMatch(each -> each.meter("relay_dispatch_deliveries_total", "outcome=\"delivered\"") == 0)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("a dispatcher has nothing to do");
            }
        }
    }
}
