package io.mqttrelay.dispatch.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.dispatch.consume.TakesAll;
import io.mqttrelay.dispatch.position.Assignment;
import io.mqttrelay.dispatch.position.RecordContext;
import io.mqttrelay.dispatch.position.TestApps;
import io.mqttrelay.dispatch.window.AddressWindow;
import io.mqttrelay.dispatch.window.AppWindows;
import io.mqttrelay.dispatch.window.ConsumedApp;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** When a changed address is served again. */
final class AppChangesTest {
    private static final long KEY = 7;

    private final ConsumedApp app = TestApps.app("app", KEY);
    private final AppWindows windows = TestApps.windows(app);
    private final AddressWindow window = windows.addresses().get(0);
    private boolean out;

    private final TakesAll records = new TakesAll() {
        @Override
        public void accept(ConsumerRecord<byte[], byte[]> record, RecordContext context) {
            throw new AssertionError("nobody reads");
        }

        @Override
        public boolean hasCallsOfReplaced(long address) {
            return out && address == KEY;
        }
    };

    private final AppChanges changes = new AppChanges(
            new HashMap<>(Map.of("topic", app)),
            new AppChanges.Partitions() {
                @Override
                public Collection<AppWindows> apps() {
                    return List.of(windows);
                }

                @Override
                public Collection<Assignment> all() {
                    return List.of(); // its partitions were lost
                }

                @Override
                public void touched(Assignment assignment) {
                    throw new AssertionError("there is none");
                }
            },
            records,
            () -> {});

    @Test
    void callOfALostPartitionDelaysTheChange() {
        out = true;
        changes.begin(Map.of("topic", app), Set.of(KEY));
        changes.step();
        assertThat(window.isServed()).isFalse();
        assertThat(changes.isUnderWay()).isTrue();

        out = false;
        changes.step();
        assertThat(window.isServed()).isTrue();
        assertThat(changes.isUnderWay()).isFalse();
    }

    @Test
    void withNothingOutItIsServedAgainAtOnce() {
        changes.begin(Map.of("topic", app), Set.of(KEY));
        assertThat(window.isServed()).isTrue();
        assertThat(changes.isUnderWay()).isFalse();
    }
}
