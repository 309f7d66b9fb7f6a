package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mqttrelay.common.config.KafkaCheck;
import io.mqttrelay.common.config.value.Secret;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repeated read gives the same result while no file has changed, and never an old result after a change. */
class UnchangedConfigTest {
    @TempDir
    private Path folder = Path.of("");

    private ConfigFile file = new ConfigFile(Path.of(""), name -> null);

    private Path secret = Path.of("");

    @BeforeEach
    void write() throws IOException {
        secret = Files.writeString(folder.resolve("password"), "one\n");
        open(secret, "rw-------");
        file = new ConfigFile(write("${file:password}"), name -> null);
    }

    private Path write(String password) {
        return Configs.write(folder, Configs.json("", "\"username\": \"u\", \"password\": \"" + password + "\", ", ""));
    }

    private static void open(Path file, String mode) throws IOException {
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        }
    }

    private ConfigResult.Valid valid() {
        return (ConfigResult.Valid) file.read();
    }

    private String password() {
        Secret password = valid().config().routes().get(0).broker().password();
        return password == null ? "" : password.reveal();
    }

    @Test
    void doesNotReadUnchangedFilesAgain() {
        ConfigResult first = file.read();
        assertThat(file.read()).isSameAs(first);
        write("${file:password}");
        assertThat(file.read()).isSameAs(first);
    }

    @Test
    void theFileItselfIsFollowed() {
        assertThat(password()).isEqualTo("one");
        write("two");
        assertThat(password()).isEqualTo("two");
        write("${file:password}");
        assertThat(password()).isEqualTo("one");
    }

    @Test
    void followsChangesOfReferencedFiles() throws IOException {
        assertThat(password()).isEqualTo("one");
        Files.writeString(secret, "two\n");
        assertThat(password()).isEqualTo("two");
    }

    @Test
    void followsChangesOfFilePermissions() throws IOException {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        assertThat(valid().warnings()).isEmpty();
        open(secret, "rw-r--r--");
        assertThat(valid().warnings()).singleElement().asString().contains("open to every user");
        open(secret, "rw-------");
        assertThat(valid().warnings()).isEmpty();
    }

    @Test
    void reportsAMissingFileUntilItExists() throws IOException {
        Files.delete(secret);
        ConfigResult without = file.read();
        assertThat(without).isInstanceOf(ConfigResult.Invalid.class);
        assertThat(file.read()).isSameAs(without);
        Files.writeString(secret, "back\n");
        open(secret, "rw-------");
        assertThat(password()).isEqualTo("back");
    }

    @Test
    void reportsAMissingStoreOfKafkaUntilItExists() throws IOException {
        Path store = folder.resolve("trust.p12");
        String kafka = "\"kafka\": {\"properties\": {\"ssl.truststore.location\": \"" + store + "\"}}, ";
        Path config = Configs.write(folder, Configs.json(kafka, "", ""));
        ConfigFile watched = new ConfigFile(
                config,
                name -> null,
                settings -> Files.exists(store)
                        ? List.of()
                        : List.of(new KafkaCheck.Finding(KafkaCheck.Place.PROPERTIES, null, "is missing", true)));
        ConfigResult without = watched.read();
        assertThat(without).isInstanceOf(ConfigResult.Invalid.class);
        assertThat(watched.read()).isSameAs(without);

        Files.writeString(store, "a store");
        ConfigResult with = watched.read();
        assertThat(with).isInstanceOf(ConfigResult.Valid.class);
        assertThat(watched.read()).isSameAs(with);
    }

    @Test
    void theFileMayGoAndComeBack() throws IOException {
        assertThat(password()).isEqualTo("one");
        Files.delete(folder.resolve("relay.json"));
        assertThat(file.read().match(new Problems())).singleElement().asString().contains("does not exist");
        write("three");
        assertThat(password()).isEqualTo("three");
    }

    @Test
    void aFileThatCouldNotBeReadToItsEndIsNotTakenForKnown() {
        boolean[] broken = {false};
        ConfigFile read = new ConfigFile(write("${env:PASSWORD}"), name -> {
            if (broken[0]) {
                throw new IllegalStateException("for once");
            }
            return "one";
        });
        ConfigResult first = read.read();
        write("two ${env:PASSWORD}");
        broken[0] = true;
        assertThatThrownBy(read::read).hasMessage("for once");
        broken[0] = false;
        assertThat(read.read()).isNotEqualTo(first);
    }

    @Test
    void aCertificateThatIsNoneAnyMoreIsMissed() throws IOException {
        Path pem = Files.writeString(folder.resolve("ca.pem"), "none\n");
        file = new ConfigFile(
                Configs.write(folder, Configs.json("", "\"tls\": {\"ca_file\": \"ca.pem\"}, ", "")), name -> null);
        ConfigResult refused = file.read();
        assertThat(file.read()).isSameAs(refused);
        Files.delete(pem);
        assertThat(file.read()).isNotEqualTo(refused);
    }

    private static final class Problems implements ConfigResult.Cases<List<String>> {
        @Override
        public List<String> valid(ConfigResult.Valid valid) {
            return List.of();
        }

        @Override
        public List<String> invalid(ConfigResult.Invalid invalid) {
            return invalid.problems();
        }
    }
}
