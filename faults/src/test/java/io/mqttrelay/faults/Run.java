package io.mqttrelay.faults;

import io.mqttrelay.faults.KafkaCluster.Listener;
import io.mqttrelay.testkit.guarantee.Bytes;
import io.mqttrelay.testkit.guarantee.Dead;
import io.mqttrelay.testkit.guarantee.Delivery;
import io.mqttrelay.testkit.guarantee.Duplicates;
import io.mqttrelay.testkit.guarantee.Expectation;
import io.mqttrelay.testkit.guarantee.NoLoss;
import io.mqttrelay.testkit.guarantee.OffsetsNeverPass;
import io.mqttrelay.testkit.guarantee.Order;
import io.mqttrelay.testkit.guarantee.Sent;
import io.mqttrelay.testkit.guarantee.TestMessage;
import io.mqttrelay.testkit.guarantee.Verdict;
import io.mqttrelay.testkit.kafka.KafkaRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Messages that pass while a fault happens, and the guarantees that are checked for them. Belongs to the test's thread.
 */
final class Run implements AutoCloseable {
    private final String row;
    private final FaultScene scene;
    private final Load load;
    private final OffsetWatch offsets;
    private final List<Expectation> expectations;
    private final KafkaRecords records;
    private final Result result;
    private final Set<Dead> excused = new HashSet<>();
    private boolean ordered = true;
    private final List<Sent> besides = new ArrayList<>();
    private boolean mqttBreaks;
    private long healedAt;

    private Run(String row, FaultScene scene, Load.Shape shape, List<String> paths) {
        this.row = row;
        this.scene = scene;
        this.records = new KafkaRecords(scene.kafka.bootstrapServers(Listener.DIRECT));
        this.expectations = paths.stream()
                .map(path -> Expectation.of(scene.callback.url(path), scene.app + "/#"))
                .toList();
        this.offsets = OffsetWatch.start(scene.kafka.bootstrapServers(Listener.DIRECT), scene.app);
        this.load = Load.start(scene.mosquitto.port(), shape);
        this.result = new Result(row, scene.mutant());
        this.healedAt = System.nanoTime();
    }

    static Run begin(String row, FaultScene scene, Load.Shape shape, List<String> paths) {
        return new Run(row, scene, shape, paths);
    }

    /** Waits until this many more messages have arrived at a path: traffic flows. */
    void flows(int messages) {
        String path = "/a";
        int now = scene.callback.requests(path).size();
        scene.callback.await(path, now + messages, Duration.ofSeconds(60));
    }

    /** Adds published messages that need not arrive. */
    void alsoSent(List<Sent> messages) {
        besides.addAll(messages);
    }

    /** Ingest may leave the MQTT broker and return at any time: only first attempts of messages are in order. */
    void mqttBreaks() {
        mqttBreaks = true;
    }

    /** Notes that the fault is over; recovery is timed from here. */
    void healed() {
        healedAt = System.nanoTime();
    }

    /**
     * Notes that a dispatcher is about to be killed or to lose its state: calls answered within this time may be
     * repeated.
     *
     * @return their number
     */
    int answeredWithin(Duration before) {
        long since = System.nanoTime() - before.toNanos();
        return (int) scene.callback.deliveries().stream()
                .filter(delivery -> delivery.atNanos() > since)
                .count();
    }

    /** Waits until the lag is gone, while publishing goes on or not. */
    void awaitCaughtUp(int records, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long lag = lag(); lag < 0 || lag > records; lag = lag()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(lag + " records wait after " + atMost);
            }
            Pause.shortly();
        }
    }

    /**
     * Waits until no message has arrived for a second.
     *
     * @return deliveries so far
     */
    int awaitStill() {
        int before = -1;
        int now = scene.callback.deliveries().size();
        for (int looks = 0; now != before && looks < 60; looks++) {
            Pause.forMillis(1000);
            before = now;
            now = scene.callback.deliveries().size();
        }
        return now;
    }

    /** Allows these to be missing at a path: the row's fault loses them. */
    void mayBeLost(String path, Collection<Sent> messages) {
        messages.forEach(sent -> excused.add(new Dead(scene.callback.url(path), sent.id())));
    }

    /** Number of lost messages among those that may be lost and were acknowledged by the broker. */
    long lost() {
        return result.lost();
    }

    /** Notes that the group's offsets are set by hand. */
    void offsetsAreSet() {
        offsets.forget();
    }

    /** Notes that the row does something after which Kafka itself keeps no order. */
    void orderMayBreak() {
        ordered = false;
    }

    /** Deliveries that were accepted more than once. */
    long repeated() {
        return result.repeated();
    }

    /** Adds a figure of the row. */
    void figure(String name, Object value) {
        result.figure(name, value);
    }

    Load load() {
        return load;
    }

    /** The lag of the group. */
    long lag() {
        return offsets.lag(scene.messagesTopic());
    }

    /**
     * Stops publishing, waits until all messages have arrived and are committed, and checks the guarantees.
     *
     * @param repeated deliveries that may be repeated; they are told apart by the message, not by its id in the relay
     * @param recovery the limit from {@link #healed} until nothing waits any more
     */
    void ends(int repeated, Duration recovery) {
        ends(() -> repeated, recovery);
    }

    /**
     * Like {@link #ends(int, Duration)}, if recovery may repeat more deliveries.
     *
     * @param repeated called when everything has arrived
     */
    void ends(IntSupplier repeated, Duration recovery) {
        load.stop();
        List<Sent> acknowledged = load.acknowledged();
        long deadline = healedAt + recovery.toNanos();
        while (!isDone(acknowledged) && System.nanoTime() < deadline) {
            Pause.forMillis(200);
        }
        awaitNothingWaits(deadline);
        result.figure("recovered in ms", (System.nanoTime() - healedAt) / 1_000_000);
        awaitStill(); // repetitions may be on their way from the MQTT broker
        awaitNothingWaits(deadline);
        check(acknowledged, repeated.getAsInt());
    }

    private void awaitNothingWaits(long deadline) {
        while (lag() != 0 && System.nanoTime() < deadline) {
            Pause.forMillis(200);
        }
    }

    private boolean isDone(List<Sent> acknowledged) {
        Set<String> settled = new HashSet<>();
        scene.callback.deliveries().stream()
                .filter(Delivery::accepted)
                .forEach(delivery -> settled.add(delivery.address() + " " + delivery.id()));
        Stream.concat(dead().stream(), excused.stream()).forEach(dead -> settled.add(dead.address() + " " + dead.id()));
        return acknowledged.stream()
                .allMatch(sent -> expectations.stream()
                        .allMatch(expected -> settled.contains(expected.address() + " " + sent.id())));
    }

    /** Open failures. One without an address counts for every address. */
    List<Dead> dead() {
        return deadLetters().stream().flatMap(this::dead).toList();
    }

    private Stream<Dead> dead(ConsumerRecord<byte[], byte[]> letter) {
        String address = text(letter, "relay-address");
        String wholePayload = text(letter, "relay-payload-sha256"); // if Kafka could not hold all of it
        String id = wholePayload.isEmpty() ? TestMessage.idIn(letter.value()) : TestMessage.idOf(wholePayload);
        return address.isEmpty()
                ? expectations.stream().map(each -> new Dead(each.address(), id))
                : Stream.of(new Dead(address, id));
    }

    /** The records of open failures. */
    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        Map<ByteBuffer, ConsumerRecord<byte[], byte[]>> open = new LinkedHashMap<>();
        records.all(scene.deadTopic()).forEach(record -> open.put(ByteBuffer.wrap(record.key()), record));
        return open.values().stream().filter(record -> record.value() != null).toList();
    }

    static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        var found = record.headers().lastHeader(header);
        return found == null ? "" : new String(found.value(), StandardCharsets.UTF_8);
    }

    private List<OffsetsNeverPass.Stored> stored() {
        return records.all(scene.messagesTopic()).stream()
                .filter(record -> record.value() != null)
                .map(record -> new OffsetsNeverPass.Stored(
                        record.topic() + "-" + record.partition(),
                        record.offset(),
                        TestMessage.idIn(record.value()),
                        text(record, "mqtt-topic")))
                .toList();
    }

    private void check(List<Sent> acknowledged, int repeated) {
        List<Delivery> deliveries = scene.callback.deliveries();
        List<Dead> dead = new ArrayList<>(dead());
        result.counts(acknowledged.size(), deliveries, dead.size(), repeated);
        if (!excused.isEmpty()) {
            result.lost(acknowledged, deliveries, excused);
            dead.addAll(excused);
        }
        List<Verdict> verdicts = List.of(
                NoLoss.check(acknowledged, deliveries, dead, expectations),
                Duplicates.atMost(repeated, deliveries),
                Bytes.check(
                        Stream.concat(load.sent().stream(), besides.stream()).toList(), deliveries),
                order(deliveries),
                OffsetsNeverPass.check(offsets.samples(), stored(), deliveries, dead, expectations),
                recovery());
        result.write(verdicts.stream().allMatch(Verdict::holds));
        Stream<Verdict> broken = verdicts.stream().filter(verdict -> !verdict.holds());
        broken.forEach(Verdict::assertHolds);
    }

    private Verdict order(List<Delivery> deliveries) {
        Verdict order =
                mqttBreaks ? Order.firstPerTopic(load.sent(), deliveries) : Order.perTopic(load.sent(), deliveries);
        return ordered ? order : new Verdict(order.guarantee(), order.counts() + ", not promised", List.of());
    }

    private Verdict recovery() {
        long left = lag();
        return new Verdict(
                "recovery",
                row,
                left == 0
                        ? List.of()
                        : List.of(left + " records still wait " + (System.nanoTime() - healedAt) / 1_000_000
                                + " ms after it: " + offsets.waitingAt(scene.messagesTopic())));
    }

    @Override
    public void close() {
        load.close();
        offsets.close();
    }
}
