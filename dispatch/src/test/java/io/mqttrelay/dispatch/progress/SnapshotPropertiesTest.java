package io.mqttrelay.dispatch.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The progress in a commit together with its progress record: never more than is complete, and all of it if it fits.
 */
final class SnapshotPropertiesTest {
    private static final long KEY = 7;

    /** One address in a partition: lanes, and the records of each that are complete, in order. */
    private static final class Model {
        private final Random random;
        private final int lanes;
        private final long begin;
        private final int[] laneOf;
        private final BitSet done = new BitSet();
        private final Set<Integer> blocked = new HashSet<>();
        /** Blocked lanes whose first record is still in memory, read for the cursor: the lane begins behind it. */
        private final Set<Integer> firstApart = new HashSet<>();

        private int tail;

        Model(Random random, int offsets, int lanes) {
            this.random = random;
            this.lanes = lanes;
            this.begin = random.nextInt(1_000_000);
            this.laneOf = random.ints(offsets, 0, lanes).toArray();
        }

        /** Reads on, delivers some records in lane order, blocks lanes, and unblocks others. */
        void goOn(int reads, int deliveries) {
            tail = Math.min(laneOf.length, tail + reads);
            for (int i = 0; i < deliveries; i++) {
                int first = firstOpen(random.nextInt(lanes));
                if (first < tail) {
                    done.set(first);
                }
            }
            for (int lane = 0; lane < lanes; lane++) {
                if (random.nextInt(4) == 0 && firstOpen(lane) < tail) {
                    blocked.add(lane);
                } else if (random.nextInt(8) == 0) {
                    blocked.remove(lane);
                }
                if (random.nextInt(3) == 0) {
                    firstApart.add(lane);
                } else if (random.nextInt(2) == 0) {
                    firstApart.remove(lane);
                }
            }
        }

        private int firstOpen(int lane) {
            return firstOpen(lane, 0);
        }

        private int firstOpen(int lane, int begin) {
            for (int i = begin; i < tail; i++) {
                if (laneOf[i] == lane && !done.get(i)) {
                    return i;
                }
            }
            return tail;
        }

        AddressProgress progress() {
            Map<Long, Long> from = new HashMap<>();
            Set<Integer> apart = new HashSet<>();
            for (int lane : blocked) {
                int first = firstOpen(lane);
                if (firstApart.contains(lane)) {
                    apart.add(first);
                    first = firstOpen(lane, first + 1);
                }
                from.put(key(lane), begin + first);
            }
            List<Run> open = new ArrayList<>();
            Map<Long, Tried> tried = new HashMap<>();
            for (int i = done.nextClearBit(0); i < tail; i = done.nextClearBit(i + 1)) {
                if (!blocked.contains(laneOf[i]) || apart.contains(i)) {
                    open.add(new Run(begin + i, begin + i));
                }
                if (random.nextInt(5) == 0) {
                    tried.put(begin + i, new Tried(1, 0));
                }
            }
            return new AddressProgress(
                    open, begin + tail, tried, LaneOffsets.of(from).before(begin + tail));
        }

        private static long key(int lane) {
            return LaneKey.of("topic " + lane);
        }

        /** Offsets, from the first on, that would be delivered with this progress. */
        BitSet openBy(AddressProgress progress) {
            BitSet open = new BitSet();
            Map<Long, Long> from = progress.lanes().toMap();
            for (int i = 0; i < tail; i++) {
                long offset = begin + i;
                Long ofLane = from.get(key(laneOf[i]));
                open.set(i, progress.isOpen(offset) || (ofLane != null && offset >= ofLane));
            }
            return open;
        }

        BitSet open() {
            BitSet open = new BitSet();
            open.set(0, tail);
            open.andNot(done);
            return open;
        }
    }

    private static PartitionProgress progress(AddressProgress address) {
        return new PartitionProgress(Map.of(KEY, address));
    }

    /** @return the progress read from a commit that names the record */
    private static AddressProgress readBack(AddressProgress before, AddressProgress now) {
        long nonce = 12345;
        byte[] record = SnapshotCodec.record(progress(before), before.first(), nonce);
        Snapshot named = new Snapshot(3, nonce, new ProgressStore.Place(1, 99));
        String text = SnapshotCodec.changes(progress(now), now.first(), named, Snapshot.lanes(progress(before)));
        assertThat(text.length()).isLessThanOrEqualTo(4096);
        Snapshot.Changes changes = SnapshotCodec.read(text, now.first());
        if (changes == null) {
            return ProgressCodec.decode(text, now.first()).of(KEY, now.first());
        }
        assertThat(changes.named()).isEqualTo(named);
        PartitionProgress recorded = SnapshotCodec.ofRecord(record, nonce);
        assertThat(recorded).isNotNull();
        return changes.over(recorded, now.first()).of(KEY, now.first());
    }

    @Property(tries = 200)
    void keepsExactProgressIfItFits(@ForAll long seed) {
        Random random = new Random(seed);
        Model model = new Model(random, 200, 30);
        model.goOn(random.nextInt(150), random.nextInt(100));
        AddressProgress before = model.progress();
        model.goOn(random.nextInt(50), random.nextInt(100));
        AddressProgress now = model.progress();

        AddressProgress read = readBack(before, now);

        assertThat(model.openBy(read)).isEqualTo(model.open());
        assertThat(read.attempts()).isEqualTo(now.attempts());
    }

    @Property(tries = 60)
    void neverClaimsAnOpenRecordIsComplete(@ForAll long seed) {
        Random random = new Random(seed);
        int lanes = 200 + random.nextInt(1_500);
        Model model = new Model(random, 4_000, lanes);
        model.goOn(2_000 + random.nextInt(1_000), random.nextInt(600));
        AddressProgress before = model.progress();
        model.goOn(random.nextInt(1_000), random.nextInt(600));
        AddressProgress now = model.progress();

        BitSet lost = model.open();
        lost.andNot(model.openBy(readBack(before, now)));

        assertThat(lost.isEmpty()).as("lost: %s", lost).isTrue();
    }

    @Property
    void anyBytesAreReadWithoutHarm(@ForAll byte[] bytes) {
        byte[] changes = new byte[2 + bytes.length];
        changes[0] = 6;
        changes[1] = 9; // the position
        System.arraycopy(bytes, 0, changes, 2, bytes.length);

        Snapshot.Changes read = SnapshotCodec.read(Base64.getEncoder().encodeToString(changes), 9);

        assertThat(read == null || read.named().place().offset() >= 0).isTrue();
        SnapshotCodec.ofRecord(bytes, 0);
    }

    @Property(tries = 20)
    void aRecordWithAnotherRandomNumberSaysNothing(@ForAll long nonce) {
        byte[] record = SnapshotCodec.record(progress(AddressProgress.beginningAt(5)), 5, nonce);

        assertThat(SnapshotCodec.ofRecord(record, nonce)).isNotNull();
        assertThat(SnapshotCodec.ofRecord(record, nonce + 1)).isNull();
        assertThat(SnapshotCodec.ofRecord(null, nonce)).isNull();
    }
}
