package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.IngestSettings;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Limits that follow from the heap, and limits that do not fit the heap. */
class IngestLimitsTest {
    private static final long MB = 1L << 20;

    private static IngestLimits limits(Long maxUnacked, Long maxMessage, long heap) {
        return IngestLimits.of(new IngestSettings(maxUnacked, maxMessage), heap);
    }

    @Test
    void theShippedHeapHasTheLargestDefaults() {
        IngestLimits limits = limits(null, null, 297 * MB);
        assertThat(limits.maxUnacked()).isEqualTo(64 * MB);
        assertThat(limits.maxMessage()).isEqualTo(16 * MB);
        assertThat(limits.overdraft()).isBetween(2 * limits.maxMessage(), 40 * MB);
    }

    @Property
    void theDefaultsGoWithEveryHeap(@ForAll @LongRange(min = 32 * MB, max = 64_000 * MB) long heap) {
        IngestLimits limits = limits(null, null, heap);
        assertThat(limits.problem()).isNull();
        assertThat(limits.warning()).isNull();
        assertThat(limits.overdraft()).isGreaterThan(limits.maxMessage());
        assertThat(limits.maxUnacked() + limits.overdraft()).isLessThan(heap / 2);
    }

    @Test
    void settingsThatDoNotGoWithTheHeapNameKeyAndRemedy() {
        assertThat(limits(null, 64 * MB, 300 * MB).problem()).contains("ingest.max_message", "-Xmx");
        assertThat(limits(256 * MB, null, 300 * MB).problem()).contains("ingest.max_unacked", "-Xmx");
        assertThat(limits(128 * MB, null, 300 * MB).problem()).isNull();
        assertThat(limits(128 * MB, null, 300 * MB).warning()).contains("ingest.max_unacked", "-Xmx");
        assertThat(limits(100 * MB, null, 300 * MB).warning()).isNull();
    }
}
