package io.mqttrelay.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the sources of all modules to the limits, and the exceptions to the sources. */
class HouseLimitsTest {
    private final HouseLimits house;

    @TempDir
    private Path folder;

    HouseLimitsTest() throws IOException {
        house = HouseLimits.of(Path.of("..").toRealPath());
    }

    @Test
    void packagesAreSmall() {
        onlyExceptions(house.largePackages(), HouseExceptions.LARGE_PACKAGES.keySet());
    }

    @Test
    void filesAreShort() {
        onlyExceptions(house.longFiles(), HouseExceptions.LONG_FILES.keySet());
    }

    @Test
    void testsSayWhatIsTrue() {
        assertThat(house.questions()).isEmpty();
    }

    @Test
    void classesHaveNamesOfTheirOwn() {
        onlyExceptions(house.sharedNames(), HouseExceptions.SHARED_NAMES.keySet());
    }

    @Test
    void findsAPackageThatIsTooLarge() throws IOException {
        for (int file = 0; file <= HouseLimits.FILES_OF_A_PACKAGE; file++) {
            source("main", "a/b/Class" + file, 1);
        }

        assertThat(HouseLimits.of(folder).largePackages()).containsExactly("a.b");
    }

    @Test
    void findsAFileThatIsTooLong() throws IOException {
        source("main", "a/Longest", HouseLimits.LINES_OF_A_FILE);
        source("main", "a/TooLong", HouseLimits.LINES_OF_A_FILE + 1);
        source("test", "a/LongestTest", HouseLimits.LINES_OF_A_TEST);
        source("test", "a/TooLongTest", HouseLimits.LINES_OF_A_TEST + 1);

        assertThat(HouseLimits.of(folder).longFiles()).containsExactly("TooLong", "TooLongTest");
    }

    @Test
    void findsATestNamedByAQuestionWord() throws IOException {
        source(
                "test",
                "a/OneTest",
                "    void whoeverWaits() {}",
                "    public void whereItIs() {}",
                "    void wholeRun() {}");

        assertThat(HouseLimits.of(folder).questions()).containsExactly("a.OneTest.whereItIs", "a.OneTest.whoeverWaits");
    }

    @Test
    void findsANameOfTwoClasses() throws IOException {
        source("main", "a/Same", 1);
        source("test", "b/Same", 1);
        source("main", "a/package-info", 1);
        source("main", "b/package-info", 1);

        assertThat(HouseLimits.of(folder).sharedNames()).containsExactly("Same");
    }

    private static void onlyExceptions(Set<String> found, Set<String> exceptions) {
        assertThat(found)
                .as("found and no exception: mend it; an exception and not found: remove it from HouseExceptions")
                .containsExactlyInAnyOrderElementsOf(exceptions);
    }

    private void source(String kind, String name, int lines) throws IOException {
        source(kind, name, "\n".repeat(lines - 1).split("\n", -1));
    }

    private void source(String kind, String name, String... lines) throws IOException {
        Path file = folder.resolve("module/src/" + kind + "/java/io/mqttrelay/" + name + ".java");
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }
}
