package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The value of a reference in a URL's path is a secret, too. */
class SecretPathTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "TOKEN", "hunter2-hunter2",
            "OTHER", "another-secret",
            "URL", "https://u:p@hooks.example:8443/services/hunter2-hunter2?q=hunter3");

    @TempDir
    private Path folder;

    private RelayConfig config(String callback) {
        String json = Configs.routeJson(
                "\"app_id\": \"a\", \"subTopic\": {\"topic\": \"t\"}, \"callbackAddress\": " + callback);
        ConfigResult result = Configs.read(Configs.write(folder, json), ENVIRONMENT);
        assertThat(result).as(result.toString()).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }

    private Address address(String callback) {
        return config(callback).routes().get(0).destinations().get(0).address();
    }

    @Test
    void itIsSentAndNotShown() {
        Address address = address("\"https://h/services/${env:TOKEN}/x\"");
        assertThat(address.url()).hasToString("https://h/services/hunter2-hunter2/x");
        assertThat(address.display()).isEqualTo("https://h/services/***/x");
        assertThat(address).hasToString("https://h/services/***/x");
        assertThat(address.id()).matches("https://h/services/sha256-[0-9a-f]{16}/x");
        assertThat(Address.idOf(address.id())).isEqualTo(address.id());
    }

    @Test
    void twoSecretsAreTwoAddresses() {
        List<Destination> addresses = config("[\"https://h/${env:TOKEN}\", {\"url\": \"https://h/${env:OTHER}\"}]")
                .routes()
                .get(0)
                .destinations();
        assertThat(addresses).extracting(Destination::display).containsExactly("https://h/***", "https://h/***");
        assertThat(addresses).extracting(Destination::id).doesNotHaveDuplicates();
    }

    @Test
    void ofAWholeUrlOnlySchemeHostAndPortAreShown() {
        Address address = address("\"${env:URL}\"");
        assertThat(address.display()).isEqualTo("https://hooks.example:8443/***");
        assertThat(address.id()).doesNotContain("hunter", "u:p");
    }

    @Test
    void aPathOfTheFileItselfIsNoSecret() {
        Address address = address("\"https://h/services/plain?${env:TOKEN}\"");
        assertThat(address.secretPath()).isNull();
        assertThat(address.display()).isEqualTo("https://h/services/plain");
    }
}
