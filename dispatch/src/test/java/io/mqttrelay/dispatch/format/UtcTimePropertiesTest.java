package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Times are written like the JDK's own formatter does. */
class UtcTimePropertiesTest {
    private static String expected(Instant instant) {
        return new DateTimeFormatterBuilder().appendInstant(3).toFormatter().format(instant);
    }

    @Property
    void anyMillisecondThatARecordCanHold(@ForAll long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        assertThat(UtcTime.text(instant)).isEqualTo(expected(instant));
    }

    @Property
    void ofOurCenturies(@ForAll @LongRange(min = -1, max = 4_102_444_800_000L) long millis) {
        Instant instant = Instant.ofEpochMilli(millis);
        assertThat(UtcTime.text(instant)).isEqualTo(expected(instant));
    }

    @Example
    void atTheEndOfTheYear9999() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999999999Z");
        assertThat(UtcTime.text(last)).isEqualTo("9999-12-31T23:59:59.999Z");
        assertThat(UtcTime.text(last.plusNanos(1))).isEqualTo(expected(last.plusNanos(1)));
    }
}
