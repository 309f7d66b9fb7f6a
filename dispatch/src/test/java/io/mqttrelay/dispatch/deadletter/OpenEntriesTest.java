package io.mqttrelay.dispatch.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.deadletter.OpenEntries.IdOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OpenEntriesTest {
    private final OpenEntries entries = new OpenEntries();

    @Test
    void theOldestComeFirstAndThenTheOrderOfIds() {
        entries.put(1, 0, 300, id(1), 10);
        entries.put(2, 0, 100, id(9), 20);
        entries.put(3, 0, 100, id(5), 30);
        entries.put(4, 0, 100, id(-1), 40); // as an unsigned number, the largest
        assertThat(positions(entries.oldest(Long.MAX_VALUE))).containsExactly(30, 20, 40, 10);
        assertThat(positions(entries.oldest(2))).containsExactly(30, 20);

        int[] all = entries.oldest(10);
        entries.sortById(all);
        assertThat(positions(all)).containsExactly(10, 30, 20, 40);
    }

    @Test
    void theLastOfAKeyWinsAndARemovedOneIsGone() {
        entries.put(7, 1, 100, id(1), 10);
        entries.put(7, 2, 200, id(1), 20);
        entries.put(8, 3, 300, id(2), 30);
        entries.remove(8);
        entries.remove(9);
        assertThat(entries.size()).isEqualTo(1);
        int only = entries.oldest(10)[0];
        assertThat(entries.kind(only)).isEqualTo(2);
        assertThat(entries.position(only)).isEqualTo(20);
    }

    /** Few hashes that are close in the table: gaps are closed again and again. */
    @Property
    void holdsTheSameEntriesAsAMap(@ForAll @Size(max = 200) List<@IntRange(min = -40, max = 40) Integer> changes) {
        OpenEntries table = new OpenEntries();
        Map<Long, Long> map = new HashMap<>();
        long position = 0;
        for (int change : changes) {
            long hash = Math.abs(change) % 20 * 1024L + Math.abs(change) / 20;
            if (change < 0) {
                table.remove(hash);
                map.remove(hash);
            } else {
                table.put(hash, 0, position, id(0), ++position);
                map.put(hash, position);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        assertThat(Arrays.stream(table.oldest(Long.MAX_VALUE)).mapToLong(table::position))
                .containsExactlyElementsOf(map.values().stream().sorted().toList());
    }

    @Test
    void aMillionNeedLessThanSeventyTwoMegabytes() {
        SplittableRandom random = new SplittableRandom(1);
        long before = used();
        for (int i = 0; i < 1_000_000; i++) {
            entries.put(random.nextLong(), 0, random.nextInt(), id(random.nextLong()), i);
        }
        assertThat(used() - before).isLessThan(72L * 1024 * 1024);
        int[] oldest = entries.oldest(10);
        assertThat(oldest).hasSize(10);
        assertThat(entries.size()).isEqualTo(1_000_000);
    }

    @Property
    void idsAreOrderedAsTheirTexts(@ForAll("ids") String one, @ForAll("ids") String other) {
        entries.put(1, 0, 0, IdOrder.of(one), 10);
        entries.put(2, 0, 0, IdOrder.of(other), 20);
        int[] both = entries.oldest(2);
        entries.sortById(both);
        assertThat(positions(both).get(0)).isEqualTo(one.compareTo(other) <= 0 ? 10 : 20);
    }

    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> uuids = Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as((head, tail) -> new UUID(head, tail).toString());
        return Arbitraries.oneOf(uuids, Arbitraries.just("00000000-0000-7000-8000-000000000001"));
    }

    private static IdOrder id(long tail) {
        return new IdOrder(0, tail);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private List<Integer> positions(int[] slots) {
        return Arrays.stream(slots)
                .mapToObj(slot -> (int) entries.position(slot))
                .toList();
    }
}
