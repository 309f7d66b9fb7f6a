package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading the file and its JSON, before its keys are read. */
class ConfigFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileThatIsNotThereIsToldByItsName() {
        Path file = folder.resolve("absent.json");
        ConfigResult result = Configs.read(file, Map.of());
        assertThat(result)
                .isInstanceOfSatisfying(
                        ConfigResult.Invalid.class,
                        invalid -> assertThat(invalid.problems()).containsExactly(file + ": does not exist"));
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(Configs.lines(folder, Map.of())).containsExactly("is a directory, not a file");
    }

    @Test
    @Timeout(10)
    void aPipeIsNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(mkfifo.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Configs.lines(pipe, Map.of())).containsExactly("is not a regular file");
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        Path file = Files.write(folder.resolve("huge"), new byte[(1 << 20) + 1]);
        assertThat(Configs.lines(file, Map.of())).containsExactly("is larger than 1MB");
    }

    @Test
    void theLargestFileIsRead() {
        String json = Configs.json("", "", "");
        Path file = Configs.write(folder, json + " ".repeat((1 << 20) - json.length()));
        assertThat(Configs.valid(file).routes()).hasSize(1);
    }

    @Test
    void anotherEncodingIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("latin"), "{\"ä\": 1}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Configs.lines(file, Map.of())).containsExactly("is not UTF-8 text");
        Path wide = Files.write(folder.resolve("wide"), Configs.json("", "", "").getBytes(StandardCharsets.UTF_16));
        assertThat(Configs.lines(wide, Map.of())).containsExactly("is not UTF-8 text");
    }

    @Test
    void aByteOrderMarkDoesNotMatter() {
        Path file = Configs.write(folder, "\uFEFF" + Configs.json("", "", ""));
        assertThat(Configs.valid(file).routes()).hasSize(1);
    }

    @Test
    void anErrorOfSyntaxIsToldWithLineAndColumn() {
        Path file = Configs.write(folder, "{\n  \"mqtt_brokers\": [\n    {]\n}\n");
        assertThat(Configs.lines(file, Map.of()))
                .containsExactly("line 3, column 6: not valid JSON: a ] or } that does not fit what is open");
    }
}
