package io.mqttrelay.common.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.config.read.Configs;
import io.mqttrelay.common.config.value.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubstitutionTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "alpha", "EMPTY", "", "NESTED", "${env:A}", "PORT", "2883", "OFF", "false", "GRACE", "3s");

    @TempDir
    Path folder;

    private String apply(String written) throws Substitution.ReferenceException {
        return new Substitution(folder, ENVIRONMENT::get, new FileSnapshot())
                .apply(written, file -> {}, reference -> {});
    }

    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "${env:A}, alpha",
        "<${env:A}|${env:A}>, <alpha|alpha>",
        "${env:A:-x}, alpha",
        "${env:NONE:-x y}, x y",
        "${env:NONE:-}, ''",
        "${env:EMPTY}, ''",
        "${env:EMPTY:-x}, x",
        "${env:NONE:-a:-b}, a:-b",
        "$${env:A}, ${env:A}",
        "$$${env:A}, $${env:A}",
        "$ $$ {} $}, $ $$ {} $}",
        "${env:NESTED}, ${env:A}",
        "$${${env:A}, ${alpha",
    })
    void aReferenceBecomesItsValue(String written, String expected) throws Substitution.ReferenceException {
        assertThat(apply(written)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "one, one",
        "'two\n', two",
        "'three\r\n', three",
        "'four\n\n', 'four\n'",
        "'five\n ', 'five\n '",
        "'',''"
    })
    void oneNewlineAtTheEndOfAFileIsDropped(String content, String expected) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), content);
        assertThat(apply("${file:" + file + "}")).isEqualTo(expected);
        assertThat(apply("${file:secret}")).isEqualTo(expected);
    }

    @Test
    void aLinkToAFileIsFollowedAsContainersMountThem() throws Exception {
        Files.writeString(folder.resolve("data"), "s");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("data"));
        assertThat(apply("${file:link}")).isEqualTo("s");
    }

    @Test
    void aFileThatIsNoSmallTextIsRefused() throws IOException {
        Files.write(folder.resolve("large"), new byte[(64 << 10) + 1]);
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3});
        assertThatThrownBy(() -> apply("${file:large}")).hasMessage("the file large is larger than 64KB");
        assertThatThrownBy(() -> apply("${file:binary}")).hasMessage("the file binary is not UTF-8 text");
        assertThatThrownBy(() -> apply("${file:.}")).hasMessage("the file . is a directory, not a file");
        assertThatThrownBy(() -> apply("${file:/dev/zero}")).hasMessage("the file /dev/zero is not a regular file");
    }

    @Test
    void numbersAndBooleansMayComeFromOutside() {
        String broker = "\"broker_port\": \"${env:PORT}\", \"alive\": \"${env:NONE:-7}\",";
        String json = Configs.json("\"shutdown_grace\": \"${env:GRACE}\",", broker, "\"enabled\": \"${env:OFF}\",");
        ConfigResult result = Configs.read(Configs.write(folder, json), ENVIRONMENT);
        assertThat(result).isInstanceOfSatisfying(ConfigResult.Valid.class, valid -> {
            Route route = valid.config().routes().get(0);
            assertThat(route.broker().addresses()).containsExactly(new HostPort("127.0.0.1", 2883));
            assertThat(route.broker().keepAlive()).isEqualTo(7);
            assertThat(route.enabled()).isFalse();
            assertThat(valid.config().shutdownGrace()).hasSeconds(3);
        });
    }
}
