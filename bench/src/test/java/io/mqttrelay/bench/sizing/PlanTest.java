package io.mqttrelay.bench.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.bench.sizing.Plan.Limit;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Plan.Costs COSTS = new Plan.Costs(20, 10, 5, 40, 100, 50_000);

    @Test
    void aCallbackThatIsQuickNeedsProcessors() {
        Plan plan = Plan.of(COSTS, new Plan.Demand(100_000, 1, 1, 128, 3, 2, 0.5));
        assertThat(plan.dispatchLimit()).isEqualTo(Limit.PROCESSOR);
        assertThat(plan.dispatchers()).isEqualTo(4); // 4 processor seconds a second, each has 1
        assertThat(plan.partitions()).isEqualTo(8);
        assertThat(plan.inFlight()).isEqualTo(100);
        assertThat(plan.processors()).isEqualTo(2 + 3.5 + 4);
    }

    @Test
    void aCallbackThatIsSlowNeedsCallsInFlight() {
        Plan plan = Plan.of(COSTS, new Plan.Demand(100_000, 1, 100, 128, 3, 2, 0.5));
        assertThat(plan.dispatchLimit()).isEqualTo(Limit.CALLS_IN_FLIGHT);
        assertThat(plan.inFlight()).isEqualTo(10_000);
        assertThat(plan.dispatchers()).isEqualTo(157); // 10,000 by 64
    }

    @Test
    void everyAddressIsACallAndEveryCopyLiesOnADisk() {
        Plan plan = Plan.of(COSTS, new Plan.Demand(1000, 4, 10, 100, 3, 2, 1));
        assertThat(plan.inFlight()).isEqualTo(40);
        assertThat(plan.writtenMegabytesPerSecond()).isEqualTo(0.3);
        assertThat(plan.brokers()).isEqualTo(3);
    }

    @Test
    void oneConnectionBringsOnlySoMuch() {
        Plan plan = Plan.of(COSTS, new Plan.Demand(1_000_000, 1, 1, 128, 3, 16, 0.5));
        assertThat(plan.ingestLimit()).isEqualTo(Limit.CONNECTION);
        assertThat(plan.ingests()).isEqualTo(40);
    }
}
