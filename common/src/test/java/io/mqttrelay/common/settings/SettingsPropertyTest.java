package io.mqttrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Any value is read as it is written. */
class SettingsPropertyTest {
    @Property
    void aDurationIsReadAsItIsWritten(@ForAll @LongRange(min = 0, max = 1L << 39) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(DurationType.parse(DurationType.text(duration))).isEqualTo(duration);
    }

    @Property
    void aSizeIsReadAsItIsWritten(
            @ForAll @LongRange(min = 0, max = 999_999_999) long number, @ForAll @IntRange(max = 3) int unit) {
        long bytes = number << (10 * unit);
        assertThat(SizeType.parse(number + List.of("B", "KB", "MB", "GB").get(unit)))
                .isEqualTo(bytes);
        assertThat(SizeType.parse(SizeType.text(bytes))).isEqualTo(bytes);
    }

    @Property
    void aTextWithoutReferencesStaysAndAnyTextCanBeWritten(@ForAll("dollars") String text)
            throws Substitution.ReferenceException {
        Substitution substitution = new Substitution(Path.of("/"), name -> null, new FileSnapshot());
        String written = text.replace("${", "$${");
        assertThat(substitution.apply(written, file -> {}, reference -> {})).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> dollars() {
        return Arbitraries.strings().withChars("${}a:").ofMaxLength(8);
    }
}
