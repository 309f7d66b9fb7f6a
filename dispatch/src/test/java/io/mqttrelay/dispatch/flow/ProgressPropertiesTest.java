package io.mqttrelay.dispatch.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.OffsetState;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.progress.AddressProgress;
import io.mqttrelay.dispatch.progress.PartitionProgress;
import io.mqttrelay.dispatch.progress.ProgressCodec;
import io.mqttrelay.dispatch.progress.Run;
import io.mqttrelay.dispatch.progress.Tried;
import io.mqttrelay.dispatch.window.AddressKey;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The progress in commits, compared with a model that keeps everything. */
class ProgressPropertiesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int BROKERS_LIMIT = 4096;

    /**
     * A partition with records of several routes. Deliveries end in any order, and the dispatcher dies now and then.
     */
    private static final class Model extends TakesAll {
        final Random random;
        final List<long[]> routes = new ArrayList<>();
        final ConsumedApp app;
        final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
        final Map<Long, long[]> addressesOf = new HashMap<>(); // by offset
        final Map<Long, Set<Long>> got = new HashMap<>(); // by address
        final List<Runnable> open = new ArrayList<>();
        OffsetAndMetadata stored = new OffsetAndMetadata(5);
        SimulatedPartition partition;
        long written = 5;
        int repeated;

        Model(long seed, int addresses) {
            random = new Random(seed);
            List<Long> all = new ArrayList<>();
            for (int i = 0; i < addresses; ) {
                long[] route = new long[Math.min(addresses - i, 1 + random.nextInt(3))];
                for (int j = 0; j < route.length; j++, i++) {
                    route[j] = AddressKey.of("route" + routes.size(), "http://a" + i);
                    all.add(route[j]);
                    got.put(route[j], new HashSet<>());
                }
                routes.add(route);
            }
            app = TestApps.app("app", all.stream().mapToLong(Long::longValue).toArray());
            begin();
        }

        void begin() {
            open.clear();
            partition =
                    new SimulatedPartition(PARTITION, new SimulatedPartition.App(app, Integer.MAX_VALUE), stored, this);
        }

        void write() {
            written += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 0; // a gap
            addressesOf.put(written, routes.get(random.nextInt(routes.size())));
            log.add(new ConsumerRecord<>("t", 0, written++, new byte[0], new byte[0]));
        }

        void readAll() {
            do {
                partition.applyPolicies();
            } while (partition.read(log, 0, 10_000) || partition.readAgain(log, 0, 10_000));
        }

        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
            for (long address : addressesOf.get(record.offset())) {
                OffsetState state = context.take(address, null);
                if (state != null) {
                    repeated += got.get(address).contains(record.offset()) ? 1 : 0;
                    open.add(() -> {
                        got.get(address).add(record.offset());
                        state.done();
                    });
                }
            }
        }

        void deliver() {
            if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).run();
            }
        }

        void deliverAll() {
            while (!open.isEmpty()) {
                deliver();
            }
        }

        void commit() {
            partition.toCommit().ifPresent(now -> {
                assertThat(now.metadata().length()).isLessThanOrEqualTo(BROKERS_LIMIT);
                assertThat(now.offset()).isGreaterThanOrEqualTo(stored.offset());
                stored = now;
            });
        }

        void assertNothingIsMissing() {
            addressesOf.forEach((offset, addresses) -> {
                for (long address : addresses) {
                    assertThat(got.get(address)).contains(offset);
                }
            });
        }
    }

    @Property(tries = 300)
    void nothingIsSkippedAndNothingIsRepeated(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int addresses,
            @ForAll @IntRange(max = 3) int crashes) {
        Model model = new Model(seed, addresses);
        for (int life = 0; life <= crashes; life++) {
            for (int step = 0; step < 100; step++) {
                model.write();
                model.readAll();
                model.deliver();
                if (model.random.nextInt(10) == 0) {
                    model.commit();
                }
            }
            model.commit(); // a crash repeats deliveries that end after this commit
            model.begin();
        }
        model.readAll();
        model.deliverAll();
        model.assertNothingIsMissing();
        assertThat(model.repeated).isZero();
    }

    @Property(tries = 20)
    void tooMuchProgressCostsRepetitionsAndNoLoss(@ForAll long seed) {
        Model model = new Model(seed, 4);
        for (int i = 0; i < 10_000; i++) { // more than fits, in any distribution over the addresses
            model.write();
        }
        model.readAll();
        int deliveries = model.open.size();
        for (int i = 0; i < deliveries / 2; i++) {
            model.deliver(); // about half: each of them ends a range
        }
        model.commit();
        model.begin();
        model.readAll();
        assertThat(model.repeated).isBetween(1, deliveries / 2 - 1);
        model.deliverAll();
        model.assertNothingIsMissing();
    }

    @Property
    void decodesTheEncodedProgress(@ForAll long seed, @ForAll @IntRange(max = 40) int addresses) {
        Random random = new Random(seed);
        PartitionProgress progress = progress(random, addresses, 1 + random.nextInt(3));

        assertThat(ProgressCodec.decode(ProgressCodec.encode(progress, 100), 100))
                .isEqualTo(progress);
    }

    @Property
    void moreThanFitsIsReadAsLess(@ForAll long seed, @ForAll @IntRange(min = 1, max = 900) int addresses) {
        Random random = new Random(seed);
        PartitionProgress progress = progress(random, addresses, 1 + random.nextInt(2000 / addresses + 1));
        String text = ProgressCodec.encode(progress, 100);

        assertThat(text.length()).isLessThanOrEqualTo(BROKERS_LIMIT);
        ProgressCodec.decode(text, 100).addresses().forEach((key, read) -> {
            AddressProgress written = progress.addresses().get(key);
            assertThat(read.tail()).isLessThanOrEqualTo(written.tail());
            assertThat(read.open())
                    .isEqualTo(written.open().subList(0, read.open().size()));
            assertThat(written.attempts()).containsAllEntriesOf(read.attempts());
            boolean allRuns = read.open().size() == written.open().size();
            assertThat(read.tail())
                    .isEqualTo(
                            allRuns
                                    ? written.tail()
                                    : written.open().get(read.open().size()).first());
        });
    }

    private static PartitionProgress progress(Random random, int addresses, int mostRuns) {
        Map<Long, AddressProgress> all = new LinkedHashMap<>();
        for (int i = 0; i < addresses; i++) {
            List<Run> runs = new ArrayList<>();
            Map<Long, Tried> attempts = new HashMap<>();
            long offset = 100L + random.nextInt(1000);
            for (int run = random.nextInt(mostRuns + 1); run > 0; run--) {
                long first = offset + 1 + random.nextInt(100_000);
                offset = first + random.nextInt(50);
                runs.add(new Run(first, offset));
                if (random.nextBoolean()) {
                    attempts.put(first, tried(random));
                }
            }
            all.put(random.nextLong(), new AddressProgress(runs, offset + 1 + random.nextInt(10), attempts));
        }
        return new PartitionProgress(all);
    }

    private static Tried tried(Random random) {
        int attempts = random.nextInt(1000);
        boolean known = attempts == 0 || random.nextBoolean();
        return new Tried(attempts, known ? 1000L * (1_700_000_000 + random.nextInt(100_000)) : 0);
    }

    @Property
    void anyTextIsReadWithoutHarm(@ForAll String text, @ForAll @IntRange(max = 1000) int position) {
        assertThatAllLiesBehind(position, ProgressCodec.decode(text, position));
    }

    @Property
    void anyBytesAreReadWithoutHarm(@ForAll byte[] bytes, @ForAll @IntRange(min = 1, max = 5) byte version) {
        byte[] head = version >= 3 ? new byte[] {version, 9} : new byte[] {version};
        byte[] versioned = Arrays.copyOf(head, head.length + bytes.length);
        System.arraycopy(bytes, 0, versioned, head.length, bytes.length);

        assertThatAllLiesBehind(9, ProgressCodec.decode(Base64.getEncoder().encodeToString(versioned), 9));
    }

    private static void assertThatAllLiesBehind(long position, PartitionProgress progress) {
        progress.addresses().values().forEach(each -> {
            assertThat(each.first()).isGreaterThanOrEqualTo(position);
            assertThat(each.tail()).isGreaterThanOrEqualTo(each.first());
        });
    }

    @Example
    void decodesTheFirstFormat() {
        // version 1: known up to 100 + 20, one address with the ranges 100-101 and 105
        byte[] bytes = {1, 20, 1, 0, 0, 0, 0, 0, 0, 0, 7, 2, 0, 1, 3, 0};
        PartitionProgress progress = ProgressCodec.decode(Base64.getEncoder().encodeToString(bytes), 100);

        assertThat(progress.addresses())
                .isEqualTo(Map.of(
                        7L, new AddressProgress(List.of(new Run(100, 101), new Run(105, 105)), 120, Map.of())));
        assertThat(progress.of(8, 100)).isEqualTo(AddressProgress.beginningAt(100));
    }

    @Example
    void decodesTheFormatWithoutPosition() {
        // version 2: one address with the ranges 100-101 and 105, its tail 120, one attempt of 105
        byte[] bytes = {2, 1, 0, 0, 0, 0, 0, 0, 0, 7, 2, 0, 1, 3, 0, 14, 1, 5, 1};
        PartitionProgress progress = ProgressCodec.decode(Base64.getEncoder().encodeToString(bytes), 100);

        assertThat(progress.addresses())
                .isEqualTo(Map.of(
                        7L,
                        new AddressProgress(
                                List.of(new Run(100, 101), new Run(105, 105)), 120, Map.of(105L, new Tried(1, 0)))));
    }

    @Example
    void decodesTheFormatWithoutTimes() {
        // version 3 of position 100: one address with the range 105, its tail 120, two attempts of 105
        byte[] bytes = {3, 100, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 5, 0, 14, 1, 5, 2};
        PartitionProgress progress = ProgressCodec.decode(Base64.getEncoder().encodeToString(bytes), 100);

        assertThat(progress.addresses())
                .isEqualTo(Map.of(
                        7L, new AddressProgress(List.of(new Run(105, 105)), 120, Map.of(105L, new Tried(2, 0)))));
    }

    @Example
    void aTimeIsRoundedUpToASecond() {
        AddressProgress written =
                new AddressProgress(List.of(new Run(105, 105)), 120, Map.of(105L, new Tried(0, 1_700_000_000_001L)));
        String text = ProgressCodec.encode(new PartitionProgress(Map.of(7L, written)), 100);

        assertThat(ProgressCodec.decode(text, 100).of(7, 100).attempts())
                .isEqualTo(Map.of(105L, new Tried(0, 1_700_000_001_000L)));
    }

    @Example
    void attemptsOfADeletedRecordAreLeftOut() {
        AddressProgress written = new AddressProgress(
                List.of(new Run(105, 105)), 120, Map.of(99L, new Tried(2, 0), 105L, new Tried(1, 0)));
        String text = ProgressCodec.encode(new PartitionProgress(Map.of(7L, written)), 100);

        assertThat(ProgressCodec.decode(text, 100).of(7, 100).attempts()).isEqualTo(Map.of(105L, new Tried(1, 0)));
    }

    @Example
    void ignoresALaterFormat() {
        byte[] bytes = {7, 100, 1, 0, 0, 0, 0, 0, 0, 0, 7, 2, 0, 1, 3, 0};
        PartitionProgress progress = ProgressCodec.decode(Base64.getEncoder().encodeToString(bytes), 100);

        assertThat(progress.addresses()).isEmpty();
        assertThat(progress.of(7, 100)).as("repeated, not lost").isEqualTo(AddressProgress.beginningAt(100));
    }

    @Property
    void ignoresProgressOfAnotherPosition(@ForAll long seed, @ForAll @IntRange(max = 1_000_000) int position) {
        Assume.that(position != 100);
        String text = ProgressCodec.encode(progress(new Random(seed), 5, 5), 100);

        // as after a tool has copied it to a cluster where records have other offsets
        assertThat(ProgressCodec.decode(text, position).addresses()).isEmpty();
    }
}
