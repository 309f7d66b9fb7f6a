package io.mqttrelay.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessCostTest {
    @Test
    void aNameMayHoldBracketsAndBlanks() {
        String stat =
                "42 (a ) (b) S 1 42 42 0 -1 4194560 9 0 0 0 150 50 0 0 20 0 30 0 99 123456 1000 18446744073709551615";

        assertThat(ProcessCost.parse(stat)).isEqualTo(new ProcessCost(2_000_000, 4_096_000));
    }
}
