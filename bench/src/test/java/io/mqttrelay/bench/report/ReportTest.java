package io.mqttrelay.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.bench.measure.ResultsFile;
import io.mqttrelay.bench.measure.TurnResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    Path docs;

    private ResultsFile file;

    @BeforeEach
    void aPageAndResults() throws IOException {
        Files.writeString(docs.resolve("benchmarks.md"), """
                # Page
                <!-- results p1 -->
                what was there before
                <!-- end -->
                between
                <!-- results p2 -->
                <!-- end -->
                <!-- results targets -->
                <!-- end -->
                <!-- results sizing-checks -->
                <!-- end -->
                """);
        file = new ResultsFile(docs.resolve("results.jsonl"));
    }

    private void result(String at, String contender, int round, double perSecond) {
        Map<String, Double> values = Map.of("messages_per_second", perSecond, "cpu_micros_per_message", 40.0);
        file.append(new TurnResult("p1", contender, round, at, "2 x processor", Map.of("java", 25), values, ""));
    }

    private String page() throws IOException {
        new Report(docs).write(file.read());
        return Files.readString(docs.resolve("benchmarks.md"));
    }

    @Test
    void mediansAndSpreadStandWhereThePageHasAPlaceForThem() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-01T00:00:00Z", "plain", 1, 10_000);
        result("2026-01-01T00:00:00Z", "relay", 2, 20_000);
        result("2026-01-01T00:00:00Z", "plain", 2, 10_000);

        assertThat(page())
                .contains("| `relay` | 25,000 (20,000 to 30,000) |")
                .contains("| `plain` | 10,000 (10,000 to 10,000) | 40.0 (40.0 to 40.0) | 2.50 x | 1.00 x |")
                .contains("2 rounds")
                .contains("between")
                .doesNotContain("what was there before");
    }

    @Test
    void eachIsComparedWithItsNamesakeOfTheRelay() throws IOException {
        result("2026-01-01T00:00:00Z", "relay-1", 1, 30_000);
        result("2026-01-01T00:00:00Z", "relay-2", 1, 20_000);
        result("2026-01-01T00:00:00Z", "bare-2", 1, 10_000);

        assertThat(page())
                .contains("| `relay-2` | 20,000 | 40.0 | 1.50 x | 1.00 x |")
                .contains("| `bare-2` | 10,000 | 40.0 | 2.00 x | 1.00 x |");
    }

    @Test
    void anOlderJavaHasAPlaceOfItsOwn() throws IOException {
        Files.writeString(
                docs.resolve("benchmarks.md"),
                "<!-- results p1 -->\n<!-- end -->\nand\n<!-- results p1-java17 -->\n<!-- end -->\n");
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        Map<String, Double> values = Map.of("messages_per_second", 20_000.0);
        file.append(new TurnResult("p1", "relay", 1, "2026-01-02T00:00:00Z", "", Map.of("java", 17), values, ""));

        String page = page();
        int older = page.indexOf("results p1-java17");
        assertThat(page.substring(0, older)).contains("30,000").doesNotContain("20,000");
        assertThat(page.substring(older)).contains("20,000").doesNotContain("30,000");
    }

    @Test
    void onlyTheNewestMeasurementIsShown() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-02T00:00:00Z", "relay", 1, 40_000);

        assertThat(page()).contains("40,000").doesNotContain("30,000");
    }

    @Test
    void comparesTheModelWithTheMeasurement() throws IOException {
        Map<String, Double> values = Map.of(
                "messages_per_second", 24_000.0,
                "cpu_micros_per_message", 60.0,
                "kafka_cpu_micros_per_message", 10.0,
                "callback_cpu_micros_per_message", 10.0,
                "in_flight", 64.0,
                "callback_ms", 0.0);
        file.append(new TurnResult("p1", "relay", 1, "2026-01-01T00:00:00Z", "2 x processor", Map.of(), values, ""));

        assertThat(page()).contains("| p1 relay | 64 | 0 | 80.0 | 25,000 |").contains("| 24,000 | -4 % |");
    }

    @Test
    void aMeasurementThatTheModelCannotUseIsLeftOut() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);

        assertThat(page()).doesNotContain("formula");
    }

    @Test
    void aTargetIsHeldAgainstMediansAndShownWithItsRounds() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-01T00:00:00Z", "bare-virtual", 1, 30_000);
        result("2026-01-01T00:00:00Z", "relay", 2, 20_000);
        result("2026-01-01T00:00:00Z", "bare-virtual", 2, 25_000);

        assertThat(page())
                .contains("beside `bare-virtual` | ≥ 0.95 x | **0.91 x** (0.80 x to 1.00 x) |")
                .contains("beside `bare-virtual` | ≤ 1.10 x | 1.00 x (1.00 x to 1.00 x) | 2026-01-01 |");
    }

    @Test
    void aTargetOfOneRoundSaysSo() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-01T00:00:00Z", "parallel-key", 1, 20_000);

        assertThat(page()).contains("beside `parallel-key` | ≥ 1.50 x | 1.50 x in one round |");
    }

    @Test
    void aTargetOfWhichThereIsNoResultIsNotReached() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);

        assertThat(page()).contains("beside `bare-virtual` | ≥ 0.95 x | not measured |");
    }

    @Test
    void aTargetThatIsMissedByLittleIsMissed() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 29_980);
        result("2026-01-01T00:00:00Z", "parallel-key", 1, 20_000);

        assertThat(page()).contains("beside `parallel-key` | ≥ 1.50 x | **1.499 x** in one round |");
    }

    @Test
    void besideOneThatDeliveredNothingATargetIsNotReached() throws IOException {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-01T00:00:00Z", "parallel-key", 1, 0);

        assertThat(page()).contains("beside `parallel-key` | ≥ 1.50 x | not measured |");
    }

    @Test
    void marksTargetsWithDeliveryProblems() throws IOException {
        Map<String, Double> values = Map.of("p99_ms", 12.0);
        file.append(new TurnResult("p5-1000", "relay", 1, "2026-01-01T00:00:00Z", "", Map.of(), values, "1 lost"));

        assertThat(page()).contains("| p99, ms | ≤ 11.5 | **12.0** in one round ! |");
    }

    @Test
    void theChartIsADocument() throws Exception {
        result("2026-01-01T00:00:00Z", "relay", 1, 30_000);
        result("2026-01-01T00:00:00Z", "plain", 1, 0);
        page();

        Path chart = docs.resolve("benchmarks/p1.svg");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(chart.toFile())
                        .getElementsByTagName("rect")
                        .getLength())
                .isGreaterThan(4);
    }
}
