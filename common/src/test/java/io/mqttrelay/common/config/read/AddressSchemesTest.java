package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.destination.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses whose scheme is not that of HTTP. */
class AddressSchemesTest {
    private static final AddressSchemes SCHEMES = new AddressSchemes(
            List.of(
                    AddressScheme.HTTP,
                    AddressScheme.HTTPS,
                    new AddressScheme("host", 7, Set.of(AddressScheme.HEADERS)),
                    new AddressScheme("name", null, Set.of())),
            destination -> destination.address().url().toString().endsWith("/wrong") ? "is wrong" : null);

    @TempDir
    private Path folder;

    private ConfigResult read(String addresses, AddressSchemes schemes) throws IOException {
        Path file = folder.resolve("relay.json");
        Files.writeString(
                file,
                "{\"mqtt_brokers\": [{\"client_id\": \"c\", \"broker_ip\": \"127.0.0.1\", \"sub_deal_config\": {"
                        + "\"app_id\": \"a\", \"subTopic\": {\"topic\": \"t\"}, \"callbackAddress\": " + addresses
                        + "}}]}");
        return ConfigReader.read(file, name -> null, KafkaCheck.NONE, schemes);
    }

    private List<Destination> addresses(String addresses, AddressSchemes schemes) throws IOException {
        ConfigResult result = read(addresses, schemes);
        assertThat(result).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config().routes().get(0).destinations();
    }

    private String problem(String url) throws IOException {
        ConfigResult result = read("\"" + url + "\"", SCHEMES);
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        List<String> problems = ((ConfigResult.Invalid) result).problems();
        assertThat(problems).hasSize(1);
        return problems.get(0).replaceFirst(".*callbackAddress: ", "");
    }

    @Test
    void anAddressKeepsItsUrl() throws IOException {
        assertThat(addresses("[\"name://Shop_1/a%20b?x=1\", \"host://h:9/\"]", SCHEMES))
                .extracting(destination -> destination.address().url().toString())
                .containsExactly("name://Shop_1/a%20b?x=1", "host://h:9/");
    }

    @Test
    void anUnknownSchemeIsRefusedByTheNamesOfTheKnown() throws IOException {
        assertThat(problem("tape://x")).isEqualTo("must start with http://, https://, host:// or name://");
        assertThat(problem("x")).isEqualTo("must start with http://, https://, host:// or name://");
    }

    @Test
    void aHostIsCheckedLikeThatOfACallback() throws IOException {
        assertThat(problem("host://h:70000/")).contains("65535");
        assertThat(problem("host://169.254.169.254/")).isNotEmpty();
        assertThat(problem("host:///path")).isEqualTo("has no host");
    }

    @Test
    void aNameIsNeeded() throws IOException {
        assertThat(problem("name:x")).isEqualTo("has no name behind name://");
        assertThat(problem("name:///x")).isEqualTo("has no name behind name://");
    }

    @Test
    void aUserNameIsRefusedWhereNothingSendsIt() throws IOException {
        assertThat(problem("name://us:pw@x/")).isEqualTo("must have no user name: name:// does not use it");
        assertThat(addresses("\"host://us:pw@x/\"", SCHEMES).get(0).request().headers())
                .containsOnlyKeys("Authorization");
    }

    @Test
    void theCheckOfItsTargetIsAProblemOfTheFile() throws IOException {
        assertThat(problem("name://x/wrong")).isEqualTo("is wrong");
    }

    @Test
    void aProcessThatCallsNoAddressReadsAnyScheme() throws IOException {
        assertThat(addresses("[\"tape://x\", \"http://127.0.0.1/\"]", AddressSchemes.ANY))
                .hasSize(2);
    }
}
