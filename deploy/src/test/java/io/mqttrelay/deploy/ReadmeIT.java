package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README says can be typed, works. The services themselves are run by the tests beside this one. */
@Timeout(120)
class ReadmeIT {
    private static final Pattern COMMAND = Pattern.compile("^\\./relay (.+)$", Pattern.MULTILINE);
    private static final Pattern JSON = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

    @TempDir
    Path folder;

    private String readme;

    @BeforeEach
    void read() throws IOException {
        readme = Files.readString(Distribution.checkout().resolve("README.md"));
    }

    @Test
    void itsConfigurationIsValidAndItsCommandsExplainIt() throws Exception {
        Matcher json = JSON.matcher(readme);
        assertThat(json.find()).isTrue();
        Files.writeString(folder.resolve("relay.json"), json.group(1));

        List<String> looked = new ArrayList<>();
        for (String command : commands()) {
            if (command.startsWith("validate") || command.startsWith("explain")) {
                Distribution.Result result = run(command);
                assertThat(result.exitCode()).as(command + ": " + result.err()).isZero();
                looked.add(result.out());
            }
        }

        assertThat(looked).hasSize(2).allSatisfy(out -> assertThat(out).contains("my-app"));
    }

    @Test
    void itsCommandForTheVersionSaysIt() throws Exception {
        assertThat(commands()).contains("version");
        Distribution.Result result = run("version");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).matches("mqtt-relay \\S+ \\(Java .+\\)\\R");
    }

    @Test
    void everyCommandInItExists() throws Exception {
        String help = run("help").out();

        assertThat(commands())
                .isNotEmpty()
                .allSatisfy(command -> assertThat(help).contains("relay " + command.split(" ", 2)[0] + " "));
    }

    @Test
    void everyFileThatItLinksToExists() {
        Matcher links = LINK.matcher(readme);
        int count = 0;
        while (links.find()) {
            assertThat(Distribution.checkout().resolve(links.group(1))).exists();
            count++;
        }
        assertThat(count).isPositive();
    }

    private Distribution.Result run(String command) throws Exception {
        return Distribution.run(folder, Distribution.launcher(), List.of(command.split(" ", -1)));
    }

    private List<String> commands() {
        return COMMAND.matcher(readme).results().map(each -> each.group(1)).toList();
    }
}
