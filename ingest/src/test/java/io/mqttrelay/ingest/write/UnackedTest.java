package io.mqttrelay.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How {@code ingest.max_unacked} is divided among the apps. */
class UnackedTest {
    private static final long MAX = 1000;
    private static final long OVERDRAFT = 600;

    /** Created for each test, and for each try of a property. */
    private Unacked unacked = new Unacked(MAX, OVERDRAFT);

    private static void fill(Unacked.Share share) {
        while (share.reserve(1, 1)) {
            // until it is full
        }
    }

    @Test
    void aSingleAppHasAllOfIt() {
        Unacked.Share only = unacked.open("a");
        fill(only);
        assertThat(only.bytes()).isEqualTo(MAX);
    }

    @Test
    void aBlockedAppLeavesTheOthersTheirPartAndSomeToBorrow() {
        Unacked.Share blocked = unacked.open("a");
        Unacked.Share other = unacked.open("b");
        fill(blocked);
        assertThat(blocked.bytes()).as("its part and half of the common half").isEqualTo(250 + 250);
        fill(other);
        assertThat(other.bytes()).isEqualTo(250 + 125);
    }

    @Test
    void qos0HasHalfOfItsAppsLimit() {
        Unacked.Share share = unacked.open("a");
        assertThat(share.reserve(0, 500)).isTrue();
        assertThat(share.reserve(0, 1)).isFalse();
        assertThat(share.reserve(1, 500)).isTrue();
        share.settled(0, 500);
        assertThat(share.reserve(0, 1)).isTrue();
    }

    @Test
    void qos0OfABlockedAppTakesNothingFromThatOfAnother() {
        Unacked.Share blocked = unacked.open("a");
        Unacked.Share other = unacked.open("b");
        while (blocked.reserve(0, 1)) {
            // until it is full
        }
        assertThat(other.reserve(0, 100)).isTrue();
    }

    @Test
    void anAppThatHoldsNothingTakesAMessageOfAnySize() {
        List<Unacked.Share> shares = shares(10);
        assertThat(shares.get(0).reserve(1, 650)).isTrue();
        assertThat(shares.get(1).reserve(1, 450)).isTrue();
        assertThat(unacked.bytes()).isEqualTo(1100);
        assertThat(shares.get(0).reserve(1, 1)).isFalse();
    }

    @Test
    void largeMessagesBeyondTheOverdraftTakeTurns() {
        List<Unacked.Share> shares = shares(10);
        assertThat(shares.get(0).reserve(1, 650)).isTrue();
        assertThat(shares.get(1).reserve(1, 500)).isTrue();
        assertThat(shares.get(2).reserve(1, 500)).isFalse();
        assertThat(shares.get(3).reserve(1, 40)).as("within its own part").isTrue();
        List<String> called = new ArrayList<>();
        shares.get(2).whenRoom(500, () -> called.add("2"));
        shares.get(4).whenRoom(500, () -> called.add("4"));
        assertThat(called).isEmpty();
        shares.get(1).settled(1, 500);
        assertThat(called).containsExactly("2", "4");
    }

    private List<Unacked.Share> shares(int count) {
        List<Unacked.Share> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shares.add(unacked.open("app" + i));
        }
        return shares;
    }

    @Test
    void oneThatWaitsIsCalledWhenAQuarterIsFree() {
        Unacked.Share share = unacked.open("a");
        for (int i = 0; i < 10; i++) {
            assertThat(share.reserve(1, 100)).isTrue();
        }
        List<String> called = new ArrayList<>();
        share.whenRoom(100, () -> called.add("a"));
        share.settled(1, 100);
        share.settled(1, 100);
        share.settled(1, 100);
        assertThat(called).isEmpty();
        assertThat(unacked.full()).containsExactly("a");
        share.settled(1, 100);
        assertThat(called).containsExactly("a");
        assertThat(unacked.full()).isEmpty();
    }

    @Test
    void callsALargeMessageBesideAConnectionThatAlwaysHoldsSome() {
        Unacked.Share share = unacked.open("a");
        assertThat(share.reserve(1, 300)).isTrue();
        List<String> called = new ArrayList<>();
        share.whenRoom(750, () -> called.add("a"));
        share.settled(1, 40);
        assertThat(called).isEmpty();
        share.settled(1, 10);
        assertThat(called).containsExactly("a");
        assertThat(share.reserve(1, 750)).isTrue();
    }

    @Test
    void aWaiterAboveTheLimitIsCalledWhenItsAppHoldsNothing() {
        Unacked.Share share = unacked.open("a");
        unacked.open("b");
        assertThat(share.reserve(1, 10)).isTrue();
        List<String> called = new ArrayList<>();
        share.whenRoom(800, () -> called.add("a"));
        share.settled(1, 10);
        assertThat(called).containsExactly("a");
        assertThat(share.reserve(1, 800)).isTrue();
    }

    @Test
    void oneThatIsForgottenIsNotCalled() {
        Unacked.Share share = unacked.open("a");
        share.reserve(1, MAX);
        List<String> called = new ArrayList<>();
        Runnable retry = () -> called.add("a");
        share.whenRoom(10, retry);
        share.forget(retry);
        share.settled(1, MAX);
        assertThat(called).isEmpty();
    }

    @Test
    void anAppThatLeftCountsUntilItsMessagesAreSettled() {
        Unacked.Share leaving = unacked.open("a");
        Unacked.Share stays = unacked.open("b");
        leaving.reserve(1, 250);
        leaving.close();
        fill(stays);
        assertThat(stays.bytes()).as("alone now").isEqualTo(MAX);
        leaving.settled(1, 250);
        assertThat(unacked.bytes()).isEqualTo(MAX);
        stays.settled(1, MAX);
        Unacked.Share again = unacked.open("a");
        assertThat(again.reserve(1, 250)).isTrue();
    }

    private record Message(Unacked.Share share, int qos, long size) {}

    @Property(tries = 500)
    void noSequenceBreaksTheBounds(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int apps,
            @ForAll @IntRange(min = 1, max = 500) int steps) {
        Random random = new Random(seed);
        unacked = new Unacked(MAX, OVERDRAFT);
        List<Unacked.Share> shares = shares(apps);
        long part = apps == 1 ? MAX : MAX / 2 / apps;
        List<Message> held = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            if (!held.isEmpty() && random.nextInt(3) == 0) {
                Message ended = held.remove(random.nextInt(held.size()));
                ended.share.settled(ended.qos, ended.size);
                continue;
            }
            Unacked.Share share = shares.get(random.nextInt(apps));
            Message message = new Message(
                    share, random.nextInt(3), 1 + random.nextInt(random.nextInt(5) == 0 ? (int) OVERDRAFT : 100));
            long before = share.bytes();
            boolean taken = share.reserve(message.qos, message.size);
            if (message.qos > 0 && before + message.size <= part) {
                assertThat(taken).as("within its own part").isTrue();
            }
            if (taken) {
                held.add(message);
            }
            assertThat(unacked.bytes())
                    .isEqualTo(held.stream().mapToLong(Message::size).sum())
                    .isLessThanOrEqualTo(MAX + OVERDRAFT);
        }
        held.forEach(message -> message.share.settled(message.qos, message.size));
        assertThat(unacked.bytes()).isZero();
        assertThat(shares.get(0).reserve(1, OVERDRAFT)).as("all was given back").isTrue();
    }

    @Property(tries = 200)
    void eachThatWaitsIsServedWhenOthersEnd(@ForAll long seed, @ForAll @IntRange(min = 2, max = 8) int apps) {
        Random random = new Random(seed);
        unacked = new Unacked(MAX, OVERDRAFT);
        List<Unacked.Share> shares = shares(apps);
        List<Message> held = new ArrayList<>();
        int[] open = {0};
        for (int i = 0; i < 60; i++) {
            Unacked.Share share = shares.get(random.nextInt(apps));
            take(new Message(share, 1, 1 + random.nextInt((int) OVERDRAFT)), held, open);
        }
        for (int i = 0; i < 1000 && !held.isEmpty(); i++) {
            Message ended = held.remove(random.nextInt(held.size()));
            ended.share.settled(1, ended.size);
        }
        assertThat(open[0]).as("messages that still wait").isZero();
        assertThat(unacked.bytes()).isZero();
    }

    private static void take(Message message, List<Message> held, int[] open) {
        if (message.share.reserve(message.qos, message.size)) {
            held.add(message);
            return;
        }
        open[0]++;
        message.share.whenRoom(message.size, () -> {
            open[0]--;
            take(message, held, open);
        });
    }
}
