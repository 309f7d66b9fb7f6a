package io.mqttrelay.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.sink.jdbc.ConnectionShares.Share;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConnectionSharesTest {
    private static final long NOT_AT_ALL = 0;

    private static int takeAll(Share share) throws InterruptedException {
        int taken = 0;
        while (share.take(NOT_AT_ALL)) {
            taken++;
        }
        return taken;
    }

    @Property
    void eachAddressFindsOneConnection(
            @ForAll @IntRange(min = 1, max = 16) int size, @ForAll @IntRange(min = 1, max = 16) int addresses)
            throws InterruptedException {
        ConnectionShares shares = new ConnectionShares(size);
        Share[] all = new Share[Math.min(size, addresses)];
        for (int i = 0; i < all.length; i++) {
            all[i] = shares.add();
        }

        int taken = 0;
        for (Share share : all) {
            int mine = takeAll(share);
            assertThat(mine).isPositive();
            taken += mine;
        }
        assertThat(taken).isEqualTo(size);
    }

    @Test
    void oneAddressAloneMayHaveAll() throws InterruptedException {
        assertThat(takeAll(new ConnectionShares(8).add())).isEqualTo(8);
    }

    @Test
    void aConnectionGivenBackGoesToTheOneThatWaits() throws Exception {
        ConnectionShares shares = new ConnectionShares(1);
        Share first = shares.add();
        Share second = shares.add();
        assertThat(first.take(NOT_AT_ALL)).isTrue();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return second.take(TimeUnit.SECONDS.toNanos(20));
            } catch (InterruptedException e) {
                return false;
            }
        });

        first.giveBack();

        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(first.take(NOT_AT_ALL)).isFalse();
    }
}
