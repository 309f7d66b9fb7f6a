package io.mqttrelay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.cli.Cli;
import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.testkit.net.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The errors of {@code relay ingest} before the start: exit code 2, one line, nothing touched. */
class IngestCommandTest {
    private final Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    IngestCommandTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private int relay(String... args) {
        return Cli.run(args, List.of(new IngestCommand()), new PrintWriter(out, true), new PrintWriter(err, true));
    }

    private Path withTls(Path certFile, Path keyFile) throws IOException {
        ObjectNode config = RunningIngest.config("127.0.0.1:9", 9, "ingest", "app", "a/#", root -> {
            ObjectNode tls = RunningIngest.broker(root).putObject("tls");
            tls.put("cert_file", certFile.toString()).put("key_file", keyFile.toString());
        });
        return Files.writeString(folder.resolve("config.json"), config.toString());
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() throws IOException {
        TestCertificates certificates = new TestCertificates(folder);
        TestCertificates.Identity relay = certificates.client("relay");
        TestCertificates.Identity other = certificates.client("other");

        int code = relay(
                "ingest", "--config", withTls(relay.certFile(), other.keyFile()).toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .contains(other.keyFile() + ": it is not the key of the certificate in " + relay.certFile())
                .hasLineCount(1);
    }

    @Test
    void aFileThatIsNoCertificateIsNamedByItsKey() throws IOException {
        TestCertificates.Identity relay = new TestCertificates(folder).client("relay");
        Path bad = Files.writeString(folder.resolve("bad.pem"), "none");

        int code = relay("ingest", "--config", withTls(bad, relay.keyFile()).toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("tls.cert_file: the file holds no certificate");
    }

    @Test
    void anInstanceThatNoClientIdCanHoldIsRefused() throws UsageException {
        assertThat(IngestCommand.instance(" relay-1 ")).isEqualTo("relay-1");
        assertThat(IngestCommand.instance("x".repeat(255))).hasSize(255);
        assertThatThrownBy(() -> IngestCommand.instance("x".repeat(256)))
                .isInstanceOf(UsageException.class)
                .hasMessage("RELAY_INSTANCE must have at most 255 bytes: it is a part of the MQTT client id");
        assertThatThrownBy(() -> IngestCommand.instance("a\u0007b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("must not contain control characters");
    }

    @Test
    void aMissingConfigurationIsAskedFor() {
        assertThat(relay("ingest")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("relay ingest: ")
                .contains("--config FILE")
                .contains("RELAY_CONFIG");
    }
}
