package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LauncherIT {
    @TempDir
    Path folder;

    @Test
    void itWorksFromAnyFolderAndThroughASymbolicLink() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Path link = Files.createSymbolicLink(spaced.resolve("my relay"), Distribution.launcher());

        Distribution.Result result = Distribution.run(spaced, link, List.of("version"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("mqtt-relay ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aRelativeConfigurationIsTheCallersFolders() throws Exception {
        Path spaced = Files.createDirectory(folder.resolve("a folder"));
        Files.copy(Distribution.checkout().resolve("docs/examples/minimal.json"), spaced.resolve("my relay.json"));

        Distribution.Result result =
                Distribution.run(spaced, Distribution.launcher(), List.of("validate", "--config", "my relay.json"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("relay-1");
    }

    /** A newest Java that is too old, since a test cannot hide the machine's own. */
    @Test
    void withoutAJavaThatIsNewEnoughItSaysThatAJreWillDo() throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("lib"), Distribution.folder().resolve("lib"));
        Path launcher = Files.copy(Distribution.launcher(), bin.resolve("relay"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(launcher, Files.readString(launcher).replace("\noldest_java=17\n", "\noldest_java=999\n"));

        Distribution.Result result = Distribution.run(folder, launcher, List.of("version"));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .startsWith("relay: needs Java 999 or newer, a JRE or a JDK (the newest found is Java ")
                .endsWith("): install one, or set RELAY_JAVA_HOME to it\n");
    }

    @Test
    void javaHomeIsTakenThoughANewerJavaIsThere() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", fakeJava("21.0.1"));
        assertThat(version(environment).out()).startsWith("Java 21.0.1: ");
    }

    @Test
    void relayJavaHomeGoesBeforeJavaHome() throws Exception {
        Map<String, String> environment =
                Map.of("JAVA_HOME", fakeJava("21.0.1"), "RELAY_JAVA_HOME", fakeJava("17.0.2"));
        assertThat(version(environment).out()).startsWith("Java 17.0.2: ");
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedBy() throws Exception {
        assertThat(version(Map.of("JAVA_HOME", fakeJava("11.0.9"), "RELAY_JAVA_HOME", ""))
                        .out())
                .startsWith("mqtt-relay ");
    }

    @Test
    void aRelayJavaHomeThatCannotBeTakenIsNamed() throws Exception {
        String old = fakeJava("11.0.9");
        Distribution.Result result = version(Map.of("RELAY_JAVA_HOME", old));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("relay: RELAY_JAVA_HOME is no Java 17 or newer: " + old + "\n");
    }

    private Distribution.Result version(Map<String, String> environment) throws Exception {
        return Distribution.run(folder, Distribution.launcher(), List.of("version"), environment);
    }

    /** A home of Java whose program says which it is. */
    private String fakeJava(String version) throws Exception {
        Path home = Files.createDirectory(folder.resolve("java " + version));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path program = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(program, "#!/bin/sh\necho \"Java " + version + ": $*\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home.toString();
    }

    @Test
    void aCheckoutThatCannotBeBuiltIsReported() throws Exception {
        Path checkout = Files.createDirectory(folder.resolve("checkout"));
        for (String file : List.of("relay", "pom.xml")) {
            Files.copy(
                    Distribution.checkout().resolve(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path target = Files.createFile(checkout.resolve("target"));
        assertThat(build(checkout)).isEqualTo("relay: cannot build here: " + target + " cannot be created\n");

        Files.delete(target);
        Files.createDirectory(target);
        Files.createFile(target.resolve("relay-build.lock")); // as root, a test cannot make a folder read-only
        assertThat(build(checkout)).isEqualTo("relay: cannot build here: " + target + " is not writable\n");
    }

    private String build(Path checkout) throws Exception {
        Distribution.Result result = Distribution.run(folder, checkout.resolve("relay"), List.of("version"));
        assertThat(result.exitCode()).isEqualTo(1);
        return result.err();
    }

    @Test
    void anUnknownCommandIsBadUsage() throws Exception {
        Distribution.Result result = Distribution.run(folder, Distribution.launcher(), List.of("ingst"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("did you mean 'ingest'?");
    }

    @Test
    void aFileThatIsNotThereIsBadUsageForBothHalves() throws Exception {
        for (String command : List.of("ingest", "dispatch", "validate", "dead-letters")) {
            Distribution.Result result =
                    Distribution.run(folder, Distribution.launcher(), List.of(command, "--config", "nowhere.json"));

            assertThat(result.exitCode()).as(command).isEqualTo(2);
            assertThat(result.err()).as(command).startsWith("nowhere.json: ");
        }
    }
}
