package io.mqttrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The committed {@code docs/benchmarks.md}. */
class PageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern PLACE = Pattern.compile("<!-- results (\\S+) -->\n(.*?)<!-- end -->", Pattern.DOTALL);
    private static final Pattern PICTURE = Pattern.compile("\\((benchmarks/[^)#]+\\.svg)\\)");

    private static String page() throws IOException {
        return Files.readString(DOCS.resolve("benchmarks.md"));
    }

    @Test
    void everyPlaceForResultsHasSome() throws IOException {
        var places = PLACE.matcher(page())
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));

        assertThat(places).containsKeys("targets", "p1", "sizing", "sizing-checks");
        assertThat(places)
                .allSatisfy((name, results) -> assertThat(results).as(name).contains("| ---"));
    }

    @Test
    void everyPictureIsThereAndNoneIsLeftOver() throws IOException {
        try (var files = Files.list(DOCS.resolve("benchmarks"))) {
            assertThat(files.map(file -> "benchmarks/" + file.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(PICTURE.matcher(page())
                            .results()
                            .map((MatchResult found) -> found.group(1))
                            .collect(Collectors.toSet()));
        }
    }
}
