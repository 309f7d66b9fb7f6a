package io.mqttrelay.common.config.read.destination;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.LooseValues;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.SwitchableType;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The values of {@code batch}. */
class BatchTest {
    private final LooseValues values = new LooseValues();

    private Switch<Fields> read(String json) throws Exception {
        var value = values.root(JsonMapper.builder().build().readTree(json));
        return new SwitchableType<>(new SectionType(BatchSection.SECTION)).read(value);
    }

    private Batch batch(String json) throws Exception {
        Batch batch = BatchSection.batch(read(json).on());
        assertThat(values.problems()).isEmpty();
        return batch;
    }

    @Test
    void falseIsOff() throws Exception {
        assertThat(read("false").on()).isNull();
        assertThat(values.problems()).isEmpty();
    }

    @Test
    void anEmptyObjectIsOnWithDefaults() throws Exception {
        assertThat(batch("{}")).isEqualTo(new Batch(100, 256 * 1024, Duration.ofMillis(20)));
    }

    @Test
    void eachKeyCounts() throws Exception {
        assertThat(batch("{\"max_messages\": 1, \"max_bytes\": \"64MB\", \"linger\": \"0s\"}"))
                .isEqualTo(new Batch(1, 64L << 20, Duration.ZERO));
    }

    @Test
    void trueSaysTooLittle() throws Exception {
        assertThat(read("true")).isNull();
        assertThat(values.problems()).containsExactly("file: $: must be an object, was true");
    }
}
