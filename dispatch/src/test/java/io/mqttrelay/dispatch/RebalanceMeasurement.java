package io.mqttrelay.dispatch;

import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.guarantee.SequencedMessage;
import io.mqttrelay.testkit.guarantee.Tally;
import io.mqttrelay.testkit.http.CountingCallback;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Utils;

/**
 * Not a test: how long partitions stand still, and how many deliveries are repeated, when a dispatcher of several
 * joins, leaves, is suspended for 20 s, and is killed. 600 messages a second flow to a callback of 50 ms. An argument
 * with a {@code -} is a JVM option of the dispatchers, {@code name=value} a setting of Kafka.
 */
final class RebalanceMeasurement {
    private static final int TOPICS = 60;
    private static final int MOST_ROUNDS = 3000;
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(100);
    private static final Duration STILL = Duration.ofSeconds(1); // longer than this is a standstill

    private final long[] last = new long[DispatcherFleet.PARTITIONS]; // guarded by itself, as is the next
    private final long[] longest = new long[DispatcherFleet.PARTITIONS];
    private final Tally tally = new Tally(TOPICS, MOST_ROUNDS);

    public static void main(String[] args) throws Exception {
        List<String> jvm = new ArrayList<>(List.of("-Xmx128m"));
        EmbeddedKafka.Builder builder = EmbeddedKafka.builder();
        for (String argument : args) {
            if (argument.startsWith("-")) {
                jvm.add(argument);
            } else {
                String[] setting = argument.split("=", 2);
                builder.property(setting[0], setting[1]);
            }
        }
        try (EmbeddedKafka kafka = builder.launch()) {
            new RebalanceMeasurement().measure(kafka, jvm);
        }
    }

    private void measure(EmbeddedKafka kafka, List<String> jvm) throws Exception {
        Path folder = Files.createTempDirectory("rebalances");
        try (DispatcherFleet fleet = new DispatcherFleet(kafka.bootstrapServers(), folder);
                CountingCallback callback = CountingCallback.start(Duration.ofMillis(50), body -> {
                    SequencedMessage message = SequencedMessage.in(body);
                    tally.accept(message);
                    arrived(message);
                });
                Flow flow = new Flow(fleet.records(TOPICS, 200), MOST_ROUNDS, BETWEEN_ROUNDS)) {
            DispatcherFleet.Settings settings =
                    new DispatcherFleet.Settings(List.of(callback), List.of(), List.of(), List.of(), jvm);
            List<DispatcherProcess> dispatchers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                dispatchers.add(fleet.join(settings));
            }
            TimeUnit.SECONDS.sleep(20);
            report("nothing", 10, () -> {});
            report("join", 20, () -> dispatchers.add(fleet.join(settings)));
            report("leave", 15, () -> dispatchers.remove(3).process().terminate(Duration.ofSeconds(20)));
            tally.declareCrash();
            report("stopped for 20 s", 40, () -> {
                dispatchers.get(1).process().suspend();
                TimeUnit.SECONDS.sleep(20);
                dispatchers.get(1).process().resume();
            });
            tally.declareCrash();
            report("kill -9", 60, () -> dispatchers.remove(2).process().kill());
            int rounds = flow.stop();
            fleet.awaitNoLag(Duration.ofSeconds(60));
            System.out.println(tally.noLoss(rounds) + "\n" + tally.order());
        }
    }

    private interface Event {
        void happens() throws Exception;
    }

    private void report(String name, int seconds, Event event) throws Exception {
        int repeated = tally.repeated();
        synchronized (last) {
            Arrays.fill(last, System.nanoTime());
            Arrays.fill(longest, 0);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        event.happens();
        TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
        long[] still = standstills();
        System.out.printf(
                "%s: %d of %d partitions stood still, %s ms; longest of the others %d ms; repeated %d%n",
                name,
                still.length,
                longest.length,
                Arrays.toString(still),
                millis().filter(each -> each <= STILL.toMillis()).max().orElse(0),
                tally.repeated() - repeated);
    }

    private long[] standstills() {
        return millis().filter(each -> each > STILL.toMillis()).toArray();
    }

    private LongStream millis() {
        synchronized (last) {
            long now = System.nanoTime();
            for (int partition = 0; partition < last.length; partition++) {
                longest[partition] = Math.max(longest[partition], now - last[partition]);
            }
            return Arrays.stream(longest.clone())
                    .map(TimeUnit.NANOSECONDS::toMillis)
                    .sorted();
        }
    }

    private void arrived(SequencedMessage message) {
        int partition = partition(message);
        long now = System.nanoTime();
        synchronized (last) {
            longest[partition] = Math.max(longest[partition], now - last[partition]);
            last[partition] = now;
        }
    }

    /** Kafka's own partition for the key. */
    private static int partition(SequencedMessage message) {
        byte[] key = (SequencedRecords.APP + "/" + message.mqttTopic()).getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % DispatcherFleet.PARTITIONS;
    }
}
