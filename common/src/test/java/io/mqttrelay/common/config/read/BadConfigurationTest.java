package io.mqttrelay.common.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each bad configuration of {@code bad-configurations.txt} gives exactly the lines that follow it there. The first
 * word of a case names the part of the file.
 */
class BadConfigurationTest {
    private static final Path CASES =
            Path.of("src/test/resources/io/mqttrelay/common/config/read/bad-configurations.txt");
    private static final Map<String, String> ENVIRONMENT = Map.of("WORD", "hunter2");
    private static final String EXPECTED = "  ";

    @TempDir
    Path folder;

    record Case(String written, List<String> lines) {
        @Override
        public String toString() {
            return written;
        }

        String json() {
            int space = written.indexOf(' ');
            String part = written.substring(space + 1);
            return switch (written.substring(0, space)) {
                case "whole" -> part;
                case "file" -> Configs.json(part, "", "");
                case "broker" -> Configs.json("", part, "");
                case "route" -> Configs.json("", "", part);
                case "brokers" -> "{\"mqtt_brokers\": [{\"sub_deal_config\": {" + Configs.ROUTE + "}, " + part + "}]}";
                case "routes" -> Configs.routeJson(part);
                default -> throw new IllegalArgumentException(written);
            };
        }
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(CASES)) {
            if (line.startsWith(EXPECTED)) {
                cases.get(cases.size() - 1).lines().add(line.substring(EXPECTED.length()));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                cases.add(new Case(line, new ArrayList<>()));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyProblemIsToldInItsOwnLine(Case bad) {
        Path file = Configs.write(folder, bad.json());
        assertThat(Configs.lines(file, ENVIRONMENT)).isEqualTo(bad.lines());
    }
}
