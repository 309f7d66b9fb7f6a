package io.mqttrelay.dispatch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.destination.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** After any schedule of calls, batches keep order and bounds, and carry each delivery once. */
final class BatchLanesPropertiesTest {
    private static final class Item implements Queued {
        private final LaneAddress address;
        private final Object scope;
        private final String orderKey;
        private final int number;
        private final long bytes;
        private boolean alone;
        private boolean later;
        private List<Item> together = List.of(this);

        Item(LaneAddress address, Object scope, String orderKey, int number, long bytes, boolean alone) {
            this.address = address;
            this.scope = scope;
            this.orderKey = orderKey;
            this.number = number;
            this.bytes = bytes;
            this.alone = alone;
        }

        @Override
        public LaneAddress address() {
            return address;
        }

        @Override
        public Object scope() {
            return scope;
        }

        @Override
        public String orderKey() {
            return orderKey;
        }

        @Override
        public boolean alone() {
            return alone;
        }

        @Override
        public boolean later() {
            return later;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public List<Item> together() {
            return together;
        }

        @Override
        public void startsWith(List<? extends Queued> all) {
            together = all.stream().map(each -> (Item) each).toList();
        }

        @Override
        public String toString() {
            return orderKey + "#" + number;
        }
    }

    private record LaneName(Object scope, String orderKey) {}

    private static final class Model {
        final Random random;
        final Batch bounds;
        final LaneAddress address;
        final boolean ordered;
        final List<Object> scopes = new ArrayList<>(List.of(new Object(), new Object()));
        final Map<LaneName, ArrayDeque<Item>> lanes = new HashMap<>();
        final Set<Item> waiting = new HashSet<>();
        final Set<Item> unloaded = new HashSet<>();
        final List<Item> out = new ArrayList<>();
        final List<Item> resting = new ArrayList<>();
        final Map<Item, List<Item>> went = new HashMap<>();
        final List<Runnable> alarms = new ArrayList<>();
        final Lanes<Item> tested;
        int submitted;

        Model(long seed) {
            random = new Random(seed);
            ordered = random.nextInt(3) > 0;
            Duration linger = Duration.ofMillis(random.nextBoolean() ? 0 : 20);
            bounds = new Batch(1 + random.nextInt(6), 1 + random.nextInt(30), linger);
            address = new LaneAddress(1 + random.nextInt(4), Pace.FREE, bounds);
            tested = new Lanes<>(1 + random.nextInt(6), this::started, (nanos, task) -> alarms.add(task));
        }

        void submit() {
            List<Item> together = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                together.add(another());
            }
            tested.submit(together);
        }

        Item another() {
            Object scope = scopes.get(random.nextInt(scopes.size()));
            String key = ordered ? "k" + random.nextInt(4) : null;
            Item item = new Item(address, scope, key, submitted++, random.nextInt(14), random.nextInt(15) == 0);
            waiting.add(item);
            if (ordered) {
                lane(item).add(item);
            }
            return item;
        }

        ArrayDeque<Item> lane(Item item) {
            return lanes.computeIfAbsent(new LaneName(item.scope, item.orderKey), name -> new ArrayDeque<>());
        }

        void started(Item first) {
            List<Item> batch = first.together;
            assertThat(batch.get(0)).isSameAs(first);
            assertThat(batch).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(bounds.maxMessages());
            assertThat(batch.stream().mapToLong(Item::bytes).sum() <= bounds.maxBytes() || batch.size() == 1)
                    .isTrue();
            assertThat(batch).allMatch(each -> each.scope == first.scope && scopes.contains(each.scope));
            assertThat(batch.size() == 1 || batch.stream().noneMatch(Item::alone))
                    .isTrue();
            if (went.containsKey(first)) {
                assertThat(batch).isEqualTo(went.remove(first));
            } else {
                assertThat(waiting).containsAll(batch);
            }
            waiting.removeAll(batch);
            if (ordered) {
                assertInOrder(batch);
            }
            out.add(first);
            assertThat(out).hasSizeLessThanOrEqualTo(address.limit);
        }

        private void assertInOrder(List<Item> batch) {
            Map<String, List<Item>> byKey = new HashMap<>();
            batch.forEach(item -> byKey.computeIfAbsent(item.orderKey, key -> new ArrayList<>())
                    .add(item));
            byKey.values()
                    .forEach(items -> assertThat(List.copyOf(lane(items.get(0))).subList(0, items.size()))
                            .isEqualTo(items));
        }

        void end() {
            Item first = out.remove(random.nextInt(out.size()));
            if (ordered) {
                first.together.forEach(each -> lane(each).remove(each));
            }
            next(tested.ended(first));
        }

        void rest() {
            Item first = out.remove(random.nextInt(out.size()));
            if (scopes.contains(first.scope)) {
                resting.add(first);
                went.put(first, first.together);
            }
            next(tested.rest(first));
        }

        void apart() {
            Item first = out.remove(random.nextInt(out.size()));
            List<Item> batch = first.together;
            for (Item item : batch) {
                item.alone = true;
                item.together = List.of(item);
                if (scopes.contains(item.scope)) {
                    waiting.add(item);
                }
            }
            if (scopes.contains(first.scope)) {
                next(tested.apart(batch));
            } else {
                next(tested.ended(first));
            }
        }

        void next(Optional<Item> next) {
            next.ifPresent(this::started);
        }

        void resume() {
            tested.resume(resting.remove(random.nextInt(resting.size())));
        }

        void unload() {
            List<Item> taken = tested.unload(address, scopes.get(random.nextInt(2)));
            assertThat(waiting).containsAll(taken);
            taken.forEach(waiting::remove);
            unloaded.addAll(taken);
            lanes.values().forEach(lane -> lane.removeAll(taken));
        }

        void withdraw() {
            int which = random.nextInt(scopes.size());
            Object gone = scopes.set(which, new Object());
            lanes.keySet().removeIf(name -> name.scope == gone);
            waiting.removeIf(item -> item.scope == gone);
            resting.removeIf(item -> item.scope == gone);
            tested.withdraw(Set.of(gone, new Object()));
        }

        void act() {
            int dice = random.nextInt(104);
            if (dice < 50) {
                submit();
            } else if (dice < 66 && !out.isEmpty()) {
                end();
            } else if (dice < 78 && !out.isEmpty()) {
                rest();
            } else if (dice < 83 && !out.isEmpty()) {
                apart();
            } else if (dice < 93 && !resting.isEmpty()) {
                resume();
            } else if (dice < 101 && !alarms.isEmpty()) {
                alarms.remove(0).run();
            } else if (dice == 102) {
                unload();
            } else if (dice == 103) {
                withdraw();
            }
        }
    }

    @Property(tries = 500)
    void batchesKeepOrderAndBoundsAndCarryEachDeliveryOnce(
            @ForAll long seed, @ForAll @IntRange(max = 400) int actions) {
        Model model = new Model(seed);
        for (int i = 0; i < actions; i++) {
            model.act();
        }
        while (!model.out.isEmpty() || !model.resting.isEmpty() || !model.alarms.isEmpty()) {
            if (!model.out.isEmpty()) {
                model.end();
            } else if (!model.alarms.isEmpty()) {
                model.alarms.remove(0).run();
            } else {
                model.resume();
            }
        }
        assertThat(model.waiting).isEmpty();
        assertThat(model.lanes.values()).allSatisfy(lane -> assertThat(lane).isEmpty());
        assertThat(model.address.isEmpty()).isTrue();
        assertThat(model.tested.running(model.address)).isZero();
    }

    private final List<Item> started = new ArrayList<>();
    private final List<Runnable> alarms = new ArrayList<>();
    private final Lanes<Item> lanes = new Lanes<>(100, started::add, (nanos, task) -> {
        assertThat(nanos).isEqualTo(20_000_000);
        alarms.add(task);
    });

    private Item submit(LaneAddress address, String key, int number) {
        Item item = new Item(address, this, key, number, 1, false);
        lanes.submit(List.of(item));
        return item;
    }

    @Example
    void aBatchWaitsForMoreUntilItIsFullOrHasLingered() {
        LaneAddress address = new LaneAddress(10, Pace.FREE, new Batch(3, 1000, Duration.ofMillis(20)));
        submit(address, "a", 1);
        submit(address, "b", 2);
        assertThat(started).isEmpty();
        submit(address, "a", 3);
        assertThat(started).hasSize(1);
        assertThat(started.get(0).together).extracting(item -> item.number).containsExactly(1, 3, 2);

        submit(address, "c", 4);
        assertThat(alarms).hasSize(2);
        alarms.get(0).run(); // of the batch that is gone
        assertThat(started).hasSize(1);
        alarms.get(1).run();
        assertThat(started).hasSize(2);
    }

    private void submitTogether(LaneAddress address, int count, IntFunction<Object> scope) {
        lanes.submit(IntStream.range(0, count)
                .mapToObj(i -> new Item(address, scope.apply(i), "key" + i, i, 1, false))
                .toList());
    }

    @Example
    void eachScopeFillsABatchOfItsOwn() {
        LaneAddress address = new LaneAddress(10, Pace.FREE, new Batch(3, 1000, Duration.ofMillis(20)));
        submitTogether(address, 4, i -> i % 2 == 0 ? "one" : "two");
        assertThat(started).isEmpty();
        lanes.submit(List.of(new Item(address, "one", "key", 4, 1, false)));
        assertThat(started).hasSize(1);
        assertThat(started.get(0).together).extracting(item -> item.number).containsExactly(0, 2, 4);

        alarms.get(1).run();
        assertThat(started).hasSize(2);
        assertThat(started.get(1).together).extracting(item -> item.number).containsExactly(1, 3);
    }

    @Example
    void theRestOfAFullBatchGoesWhenTheLingerEnds() {
        LaneAddress address = new LaneAddress(10, Pace.FREE, new Batch(3, 1000, Duration.ofMillis(20)));
        submitTogether(address, 5, i -> this);
        assertThat(started).hasSize(1);
        assertThat(alarms).hasSize(1);
        alarms.get(0).run();
        assertThat(started).hasSize(2);
        assertThat(started.get(1).together).extracting(item -> item.number).containsExactly(3, 4);
    }

    @Example
    void liveBatchesGoFirstExceptEveryFourth() {
        LaneAddress address = new LaneAddress(1, Pace.FREE, new Batch(1, 1000, Duration.ofMillis(20)));
        lanes.submit(List.of(new Item(address, "first", "key", 0, 1, false)));
        List<Item> many = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            Item item = new Item(address, "scope" + i, "key", i, 1, false);
            item.later = i <= 6;
            many.add(item);
        }
        lanes.submit(many);
        List<Boolean> order = new ArrayList<>();
        for (Optional<Item> next = lanes.ended(started.get(0)); next.isPresent(); next = lanes.ended(next.get())) {
            order.add(next.get().later);
        }
        assertThat(order).containsExactly(false, false, false, true, false, false, false, true, true, true, true, true);
    }
}
