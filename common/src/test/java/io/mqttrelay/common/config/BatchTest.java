package io.mqttrelay.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.mqttrelay.common.config.SwitchableType.Switch;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The values of {@code batch}. */
class BatchTest {
    private final Problems problems = new Problems("file");

    private Switch<Fields> read(String json) throws Exception {
        var source = new Value.Source(
                problems, new Substitution(Path.of("/"), name -> null, new LookedAt()), Path.of("/"), new LookedAt());
        var value =
                new Value(source, JsonPath.ROOT, JsonMapper.builder().build().readTree(json));
        return new SwitchableType<>(new SectionType(BatchSection.SECTION)).read(value);
    }

    private Batch batch(String json) throws Exception {
        Batch batch = BatchSection.batch(read(json).on());
        assertThat(problems.problems()).isEmpty();
        return batch;
    }

    @Test
    void falseIsOff() throws Exception {
        assertThat(read("false").on()).isNull();
        assertThat(problems.problems()).isEmpty();
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
        assertThat(problems.problems()).containsExactly("file: $: must be an object, was true");
    }
}
