package io.mqttrelay.dispatch.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What a commit says beyond its position, against a model that remembers everything. */
class ProgressPropertiesTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int BROKERS_LIMIT = 4096;

    /** A partition with records of several routes, its deliveries ending in any order, its dispatcher dying now and then. */
    private static final class Model {
        final Random random;
        final List<long[]> routes = new ArrayList<>();
        final ConsumedApp app;
        final Map<Long, long[]> records = new HashMap<>(); // by offset
        final Map<Long, Set<Long>> got = new HashMap<>(); // by address
        final List<Runnable> open = new ArrayList<>();
        OffsetAndMetadata stored = new OffsetAndMetadata(5);
        Assignment assignment;
        long written = 5;
        int known;

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
            app = new ConsumedApp("app", all);
            begin();
        }

        void begin() {
            assignment = new Assignment(PARTITION, new AppWindow(app), stored.offset(), stored);
            open.clear();
            for (long offset = stored.offset(); offset < written; offset++) {
                receive(offset);
            }
        }

        void write() {
            written += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 0; // a gap
            records.put(written, routes.get(random.nextInt(routes.size())));
            receive(written++);
        }

        private void receive(long offset) {
            long[] addresses = records.get(offset);
            if (addresses == null) {
                return;
            }
            Receipt receipt = assignment.received(offset, 0, 1);
            receipt.expect(addresses);
            for (int i = 0; i < addresses.length; i++) {
                int index = i;
                if (receipt.wasDone(i)) {
                    assertThat(got.get(addresses[i]))
                            .as("never got, yet skipped")
                            .contains(offset);
                    known++;
                    receipt.done(i);
                } else {
                    open.add(() -> {
                        got.get(addresses[index]).add(offset);
                        receipt.done(index);
                    });
                }
            }
        }

        void deliver() {
            if (!open.isEmpty()) {
                open.remove(random.nextInt(open.size())).run();
            }
        }

        void commit() {
            assignment.toCommit().ifPresent(now -> {
                assertThat(now.metadata().length()).isLessThanOrEqualTo(BROKERS_LIMIT);
                assertThat(now.offset()).isGreaterThanOrEqualTo(stored.offset());
                stored = now;
                assignment.committed(now);
            });
        }

        /** Deliveries that were made and would be made again. */
        long repeatedAfterCrash() {
            commit();
            Assignment next = new Assignment(PARTITION, new AppWindow(app), stored.offset(), stored);
            return records.entrySet().stream()
                    .filter(record -> record.getKey() >= stored.offset())
                    .mapToLong(record -> {
                        long repeated = 0;
                        for (long address : record.getValue()) {
                            boolean made = got.get(address).contains(record.getKey());
                            repeated += made && !next.wasDone(address, record.getKey()) ? 1 : 0;
                        }
                        return repeated;
                    })
                    .sum();
        }
    }

    @Property(tries = 300)
    void nothingIsSkippedAndNothingIsRepeated(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int addresses,
            @ForAll @IntRange(max = 3) int crashes) {
        Model model = new Model(seed, addresses);
        for (int life = 0; life <= crashes; life++) {
            for (int step = 0; step < 200; step++) {
                if (model.random.nextInt(5) < 2) {
                    model.write();
                } else {
                    model.deliver();
                }
                if (model.random.nextInt(10) == 0) {
                    model.commit();
                }
            }
            assertThat(model.repeatedAfterCrash()).isZero();
            model.begin();
        }
    }

    @Property(tries = 20)
    void whatDoesNotFitCostsRepetitionsAndNeverALoss(@ForAll long seed) {
        Model model = new Model(seed, 4);
        for (int i = 0; i < 6000; i++) {
            model.write();
        }
        for (int i = 0; i < 3000; i++) {
            model.deliver(); // about half: every one of them ends a run
        }
        model.commit();
        model.begin(); // asserts for each record that is skipped that its address has got it
        assertThat(model.known).isPositive();
    }

    @Property
    void anyTextIsReadWithoutHarm(@ForAll String text, @ForAll @IntRange(max = 1000) int position) {
        Progress progress = ProgressCodec.decode(text, position);

        assertThat(progress == null || progress.end() >= position).isTrue();
    }
}
