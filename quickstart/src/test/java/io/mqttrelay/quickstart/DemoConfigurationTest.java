package io.mqttrelay.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoConfigurationTest {
    @Test
    void isAValidConfiguration(@TempDir Path folder) throws Exception {
        ConfigResult result = ConfigReader.read(DemoConfiguration.in(folder), name -> null);
        assertThat(result).isInstanceOfSatisfying(ConfigResult.Valid.class, valid -> {
            assertThat(valid.warnings()).isEmpty();
            assertThat(valid.config().routes()).singleElement().satisfies(route -> {
                assertThat(route.appId()).isEqualTo("quickstart");
                assertThat(DemoTopics.hello(route)).isEqualTo("from/v1/hello");
            });
        });
    }

    @Test
    void aFolderKeepsTheOneItHas(@TempDir Path folder) throws Exception {
        Path file = DemoConfiguration.in(folder);
        Files.writeString(file, "{\"mine\": true}");
        assertThat(DemoConfiguration.in(folder)).isEqualTo(file).hasContent("{\"mine\": true}");
    }
}
