package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.testkit.net.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files with secrets: a warning if other users may read them, but never a failed start. */
@Timeout(20)
class SecretFileTest {
    @TempDir
    private Path folder;

    private String said(String broker) {
        return String.join("\n", Configs.lines(Configs.write(folder, Configs.json("", broker, "")), Map.of()));
    }

    private void mode(Path file, String mode) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, false",
        "r--------, false",
        "rwx------, false",
        "rw-r-----, false",
        "r--r-----, false",
        "rw----r--, true"
    })
    void aFileThatOthersMayOpenIsWarnedOf(String mode, boolean warned) throws Exception {
        mode(Files.writeString(folder.resolve("secret"), "hunter2\n"), mode);
        assertThat(said("\"username\": \"u\", \"password\": \"${file:secret}\","))
                .isEqualTo(
                        warned
                                ? "warning: $.mqtt_brokers[0].password: the file " + folder.resolve("secret")
                                        + " is open to every user of this machine: give it mode 0600, or 0640"
                                : "");
    }

    @ParameterizedTest
    @CsvSource({"rw-------, false", "rw-r--r--, true"})
    void soIsAPrivateKeyAndACertificateIsNot(String mode, boolean warned) throws Exception {
        TestCertificates.Identity identity = new TestCertificates(folder).client("relay");
        mode(identity.certFile(), "rw-r--r--");
        mode(identity.keyFile(), mode);
        String said = said("\"broker_port\": 8883, \"tls\": {\"cert_file\": \"client-relay.pem\", \"key_file\":"
                + " \"client-relay.key\"},");
        assertThat(said)
                .isEqualTo(
                        warned
                                ? "warning: $.mqtt_brokers[0].tls.key_file: the file " + identity.keyFile()
                                        + " is open to every user of this machine: give it mode 0600, or 0640"
                                : "");
    }

    @Test
    void aPipeIsRefusedInsteadOfWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
        assertThat(said("\"password\": \"${file:pipe}\","))
                .isEqualTo("$.mqtt_brokers[0].password: the file pipe is not a regular file");
        assertThat(said("\"tls\": {\"ca_file\": \"pipe\"},")).contains("is not a regular file");
        assertThat(Configs.lines(pipe, Map.of())).singleElement().asString().endsWith("is not a regular file");
    }
}
