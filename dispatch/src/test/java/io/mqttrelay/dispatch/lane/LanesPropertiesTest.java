package io.mqttrelay.dispatch.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** After any schedule of calls, the guarantees of the lanes hold. */
final class LanesPropertiesTest {
    private static class Item implements Queued {
        private final LaneAddress address;
        private final Object scope;
        private final String orderKey;
        private final int number;

        Item(LaneAddress address, Object scope, String orderKey, int number) {
            this.address = address;
            this.scope = scope;
            this.orderKey = orderKey;
            this.number = number;
        }

        String lane() {
            return System.identityHashCode(address) + "/" + System.identityHashCode(scope) + "/"
                    + (orderKey == null ? "#" + number : orderKey);
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
    }

    /** A simple model of the state of the lanes. */
    private static final class Model {
        final Random random;
        final int limit;
        final List<LaneAddress> addresses = new ArrayList<>();
        final List<Object> scopes = new ArrayList<>(List.of(new Object(), new Object()));
        final Map<String, ArrayDeque<Item>> lanes = new HashMap<>();
        final List<Item> out = new ArrayList<>();
        final List<Item> resting = new ArrayList<>();
        final Map<LaneAddress, Integer> holds = new HashMap<>();
        final Map<Integer, Integer> permits = new HashMap<>(Map.of(0, 0, 1, 0, 2, 0, 3, 0, 4, 0));
        final List<LaneAddress> paced = new ArrayList<>();
        /** Tasks of paced addresses, in their order. */
        final List<Runnable> alarms = new ArrayList<>();

        final Map<Integer, LaneAddress> byNumber = new HashMap<>();
        final Set<LaneAddress> known = new HashSet<>();
        final Set<LaneAddress> shut = new HashSet<>();
        final Set<LaneAddress> probes = new HashSet<>();
        final Lanes<Item> tested;
        final int manySubmits;
        int submitted;
        int allowed;
        long ended;

        Model(long seed) {
            random = new Random(seed);
            manySubmits = random.nextBoolean() ? 40 : 55;
            limit = 1 + random.nextInt(random.nextBoolean() ? 6 : 40);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                int number = i;
                int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 40);
                addresses.add(new LaneAddress(most, random.nextBoolean() ? Pace.FREE : () -> take(number), null));
                byNumber.put(number, addresses.get(addresses.size() - 1));
            }
            allowed = limit;
            tested = new Lanes<>(limit, this::started, (nanos, task) -> alarms.add(task));
        }

        long take(int number) {
            permits.merge(number, -1, Integer::sum);
            if (permits.get(number) >= 0) {
                return 0;
            }
            permits.put(number, 0);
            paced.add(byNumber.get(number));
            return 1;
        }

        void wake() {
            int which = random.nextInt(paced.size());
            paced.remove(which);
            for (int number = 0; number < 5; number++) {
                permits.put(number, 1 + random.nextInt(3));
            }
            alarms.remove(which).run();
        }

        void started(Item item) {
            assertThat(scopes).contains(item.scope);
            assertThat(holds.getOrDefault(item.address, 0)).isZero();
            assertThat(!shut.contains(item.address) || probes.remove(item.address))
                    .as("an address that is shut gets one delivery a probe")
                    .isTrue();
            assertThat(lanes.get(item.lane()).peekFirst()).isSameAs(item);
            assertThat(out).doesNotContain(item);
            assertThat(resting).doesNotContain(item);
            out.add(item);
            assertThat(out).hasSizeLessThanOrEqualTo(allowed);
            assertThat(outTo(item.address)).isLessThanOrEqualTo(item.address.limit);
            assertThat(leavesRoom(out.size() - 1, outTo(item.address) - 1)).isTrue();
        }

        boolean leavesRoom(int outToAll, long outToIt) {
            int kept = Math.min(
                    (int) known.stream().filter(address -> outTo(address) == 0).count(), limit / 8);
            return outToIt == 0 || known.size() == 1 || outToIt <= 4L * (limit - outToAll - kept);
        }

        long outTo(LaneAddress address) {
            return out.stream().filter(item -> item.address == address).count();
        }

        void submit() {
            List<Item> together = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                together.add(another());
            }
            tested.submit(together);
        }

        Item another() {
            LaneAddress address = addresses.get(random.nextInt(addresses.size()));
            String key = random.nextInt(3) == 0 ? null : "k" + random.nextInt(4);
            Item item = new Item(address, scopes.get(random.nextInt(scopes.size())), key, submitted++);
            lanes.computeIfAbsent(item.lane(), lane -> new ArrayDeque<>()).add(item);
            known.add(address);
            return item;
        }

        void end() {
            Item item = out.remove(random.nextInt(out.size()));
            ArrayDeque<Item> lane = lanes.get(item.lane());
            if (lane != null) {
                lane.remove(item);
            }
            ended++;
            next(tested.ended(item));
        }

        void rest() {
            Item item = out.remove(random.nextInt(out.size()));
            if (scopes.contains(item.scope)) {
                resting.add(item);
            }
            ended++;
            next(tested.rest(item));
        }

        void next(Optional<Item> next) {
            next.ifPresent(this::started);
        }

        void resume() {
            tested.resume(resting.remove(random.nextInt(resting.size())));
        }

        void hold() {
            LaneAddress address = addresses.get(random.nextInt(addresses.size()));
            holds.merge(address, 1, Integer::sum);
            tested.hold(address);
        }

        void release() {
            LaneAddress address = addresses.get(random.nextInt(addresses.size()));
            if (holds.getOrDefault(address, 0) > 0) {
                holds.merge(address, -1, Integer::sum);
                tested.release(address);
            }
        }

        void shutOrOpen() {
            LaneAddress address = addresses.get(random.nextInt(addresses.size()));
            probes.remove(address);
            if (shut.remove(address)) {
                tested.open(address);
            } else {
                shut.add(address);
                tested.shut(address);
            }
        }

        void probe() {
            LaneAddress address = addresses.get(random.nextInt(addresses.size()));
            if (shut.contains(address)) {
                probes.add(address);
            }
            tested.probe(address);
        }

        void allow() {
            int calls = random.nextInt(limit + 5);
            allowed = Math.max(1, Math.min(limit, calls));
            tested.allow(calls);
        }

        void withdraw() {
            int which = random.nextInt(scopes.size());
            Object gone = scopes.set(which, new Object());
            lanes.values().removeIf(lane -> lane.isEmpty() || lane.peekFirst().scope == gone);
            resting.removeIf(item -> item.scope == gone); // their timers are cancelled
            tested.withdraw(Set.of(gone, new Object()));
        }

        void act() {
            int dice = random.nextInt(114);
            if (dice < manySubmits) {
                submit();
            } else if (dice < 65 && !out.isEmpty()) {
                end();
            } else if (dice < 78 && !out.isEmpty()) {
                rest();
            } else if (dice < 90 && !resting.isEmpty()) {
                resume();
            } else if (dice < 93) {
                hold();
            } else if (dice < 96) {
                release();
            } else if (dice < 97) {
                shutOrOpen();
            } else if (dice < 99) {
                probe();
            } else if (dice < 108) {
                if (!paced.isEmpty()) {
                    wake();
                }
            } else if (dice < 112) {
                allow();
            } else {
                withdraw();
            }
        }

        /** No lost wake-up: every delivery that could go out is in flight. */
        void assertNothingCouldStart() {
            if (out.size() >= allowed) {
                return;
            }
            for (ArrayDeque<Item> lane : lanes.values()) {
                Item head = lane.peekFirst();
                if (head != null && !out.contains(head) && !resting.contains(head)) {
                    boolean room =
                            outTo(head.address) < head.address.limit && leavesRoom(out.size(), outTo(head.address));
                    boolean held = holds.getOrDefault(head.address, 0) > 0;
                    boolean closed = paced.contains(head.address)
                            || (shut.contains(head.address) && !probes.contains(head.address));
                    assertThat(tested.isHeld(head.address)).isEqualTo(held || shut.contains(head.address));
                    assertThat(room && !held && !closed)
                            .as("item %d waits though there is room", head.number)
                            .isFalse();
                }
            }
        }
    }

    @Property(tries = 300)
    void nothingThatCouldGoOutWaitsAndNothingElseGoesOut(@ForAll long seed, @ForAll @IntRange(max = 400) int actions) {
        Model model = new Model(seed);
        for (int i = 0; i < actions; i++) {
            model.act();
            model.assertNothingCouldStart();
        }
        model.addresses.forEach(address -> {
            model.shut.remove(address);
            model.tested.open(address);
            for (int holds = model.holds.getOrDefault(address, 0); holds > 0; holds--) {
                model.holds.merge(address, -1, Integer::sum);
                model.tested.release(address);
            }
            assertThat(model.tested.running(address)).isEqualTo((int) model.outTo(address));
        });
        while (!model.out.isEmpty() || !model.resting.isEmpty() || !model.paced.isEmpty()) {
            model.assertNothingCouldStart();
            if (!model.paced.isEmpty()) {
                model.wake();
            } else if (model.out.isEmpty()) {
                model.resume();
            } else {
                model.end();
            }
        }
        assertThat(model.lanes.values()).allSatisfy(lane -> assertThat(lane).isEmpty());
        assertThat(model.addresses)
                .allSatisfy(address -> assertThat(address.isEmpty()).isTrue());
        assertThat(model.tested.traffic()).isEqualTo(new Lanes.Traffic(0, model.ended));
    }

    @Example
    void addressesTakeTurnsWhereThereIsNotRoomForAll() {
        List<Item> started = new ArrayList<>();
        Lanes<Item> lanes = new Lanes<>(1, started::add, (nanos, task) -> {});
        LaneAddress one = new LaneAddress(10, Pace.FREE, null);
        LaneAddress two = new LaneAddress(10, Pace.FREE, null);
        Object scope = new Object();
        for (int i = 0; i < 10; i++) {
            lanes.submit(List.of(new Item(one, scope, null, i)));
        }
        for (int i = 10; i < 15; i++) {
            lanes.submit(List.of(new Item(two, scope, null, i)));
        }
        List<LaneAddress> order = new ArrayList<>();
        Optional<Item> next = Optional.of(started.get(0));
        while (next.isPresent()) {
            order.add(next.get().address);
            next = lanes.ended(next.get());
        }

        assertThat(order).hasSize(15);
        assertThat(order.subList(0, 8)).containsSubsequence(one, two, one, two, one, two);
        assertThat(started).hasSize(1);
    }

    private static Item item(LaneAddress address, boolean later, int number) {
        return new Item(address, address, null, number) {
            @Override
            public boolean later() {
                return later;
            }
        };
    }

    @Example
    void aLoneAddressGetsAllThereIs() {
        List<Item> started = new ArrayList<>();
        Lanes<Item> lanes = new Lanes<>(1000, started::add, (nanos, task) -> {});
        LaneAddress only = new LaneAddress(10_000, Pace.FREE, null);
        for (int i = 0; i < 2000; i++) {
            lanes.submit(List.of(item(only, false, i)));
        }

        assertThat(started).hasSize(1000);
    }

    @Example
    void addressesThatHangLeaveRoomForTheOthers() {
        List<Item> started = new ArrayList<>();
        Lanes<Item> lanes = new Lanes<>(1024, started::add, (nanos, task) -> {});
        LaneAddress healthy = new LaneAddress(10_000, Pace.FREE, null);
        lanes.expect(healthy);
        List<LaneAddress> hanging = Stream.generate(() -> new LaneAddress(10_000, Pace.FREE, null))
                .limit(10)
                .toList();
        for (int i = 0; i < 20_000; i++) {
            lanes.submit(List.of(item(hanging.get(i % 10), false, i)));
        }
        int taken = started.size();
        assertThat(taken).isBetween(960, 1004);
        for (int i = 0; i < 2000; i++) {
            lanes.submit(List.of(item(healthy, false, i)));
        }
        assertThat(started.size() - taken).isBetween(15, 60);

        int served = 0;
        for (Optional<Item> next = lanes.ended(started.get(taken)); next.isPresent(); served++) {
            assertThat(next.get().address).isSameAs(healthy);
            next = lanes.ended(next.get());
        }
        assertThat(served).isGreaterThan(1900);
    }

    @Example
    void anIdleAddressCanAlwaysStart() {
        List<Item> started = new ArrayList<>();
        Lanes<Item> lanes = new Lanes<>(256, started::add, (nanos, task) -> {});
        List<LaneAddress> addresses = Stream.generate(() -> new LaneAddress(10_000, Pace.FREE, null))
                .limit(30)
                .toList();
        addresses.forEach(lanes::expect);
        for (LaneAddress address : addresses) {
            int before = started.size();
            for (int i = 0; i < 500; i++) {
                lanes.submit(List.of(item(address, false, i)));
            }
            assertThat(started.size()).isGreaterThan(before);
        }
    }

    @Example
    void everyFourthStartIsOneOfThoseThatMayBeLater() {
        List<Item> started = new ArrayList<>();
        Lanes<Item> lanes = new Lanes<>(1, started::add, (nanos, task) -> {});
        LaneAddress address = new LaneAddress(1, Pace.FREE, null);
        lanes.submit(List.of(item(address, false, 0)));
        for (int i = 1; i <= 20; i++) {
            lanes.submit(List.of(item(address, i <= 8, i)));
        }
        List<Boolean> later = new ArrayList<>();
        for (Optional<Item> next = lanes.ended(started.get(0)); next.isPresent(); next = lanes.ended(next.get())) {
            later.add(next.get().later());
        }

        assertThat(later.subList(0, 16))
                .containsExactly(
                        false, false, false, true, false, false, false, true, false, false, false, true, false, false,
                        false, true);
        assertThat(later.subList(16, 20)).containsOnly(true);
    }
}
