package io.mqttrelay.dispatch.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.TargetSettings;
import io.mqttrelay.common.config.change.ConfigDifference;
import io.mqttrelay.common.config.change.RouteChange;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.TestRoute;
import io.mqttrelay.dispatch.deliver.AddressLog;
import io.mqttrelay.dispatch.deliver.DeliveryMeters;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.deliver.Throttle;
import io.mqttrelay.dispatch.lane.Pace;
import io.mqttrelay.dispatch.window.AddressKey;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A reload makes another target only for an address whose own settings have changed. */
final class ChangedTargetsTest {
    private static final String ONE = "http://host:1/one";
    private static final String TWO = "http://host:1/two";

    private final Targets.Factory factory = new Targets.Factory() {
        @Override
        public Target target(Destination destination) {
            return new Target(
                    AddressKey.of(destination.owner().clientId(), destination.id()),
                    destination,
                    (messages, attempt) -> {
                        throw new AssertionError("a reload calls no address");
                    },
                    new Throttle(Pace.FREE, System::nanoTime),
                    meters(destination),
                    new AddressLog("callback", System::nanoTime));
        }

        @Override
        public DeliveryMeters meters(Destination destination) {
            return new DeliveryMeters(new SimpleMeterRegistry(), destination);
        }
    };

    private static TestRoute route() {
        return TestRoute.of("r", "app", ONE, TWO);
    }

    private final Route before = route().build();
    private final Targets targets = Targets.of(List.of(before), factory);

    private Targets changed(TestRoute to) {
        Route after = to.build();
        return targets.changed(
                List.of(after),
                new ConfigDifference(
                        List.of(), List.of(), List.of(new RouteChange(before, after)), TargetSettings.NONE, List.of()),
                factory);
    }

    private static Target target(Targets of, String id) {
        return Objects.requireNonNull(of.of(AddressKey.of("r", id)));
    }

    @Test
    void anotherSettingOfOneAddressKeepsTheOther() {
        Targets next = changed(route().retry(TWO, 1));
        assertThat(target(next, ONE)).isSameAs(target(targets, ONE));
        assertThat(target(next, TWO)).isNotSameAs(target(targets, TWO));
        assertThat(targets.keysOfOthersThan(next)).containsExactly(AddressKey.of("r", TWO));
    }

    @Test
    void aDisabledAddressKeepsTheOther() {
        Targets next = changed(route().disabled(TWO));
        assertThat(target(next, ONE)).isSameAs(target(targets, ONE));
        assertThat(next.served()).containsExactly(target(next, ONE));
    }

    @Test
    void anotherUrlWithTheIdOfTheFirstKeepsTheKey() {
        String moved = "http://host:2/moved";
        Targets next = changed(TestRoute.of("r", "app", moved, TWO).id(moved, ONE));
        assertThat(target(next, ONE).destination().address().url()).hasToString(moved);
        assertThat(target(next, ONE)).isNotSameAs(target(targets, ONE));
        assertThat(target(next, TWO)).isSameAs(target(targets, TWO));
    }
}
