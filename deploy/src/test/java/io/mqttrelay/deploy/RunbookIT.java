package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the runbook tells people to type and to read is there. */
@Timeout(120)
class RunbookIT {
    private static final Pattern COMMAND = Pattern.compile("^relay (\\S+)(.*)$", Pattern.MULTILINE);
    private static final Pattern OPTION = Pattern.compile(" (--[a-z-]+)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(#[^)]*)?\\)");

    @TempDir
    Path folder;

    private String runbook;

    @BeforeEach
    void read() throws IOException {
        runbook = Files.readString(Distribution.checkout().resolve("docs/operations.md"));
    }

    @Test
    void everyCommandOfTheRelayKnowsTheOptions() throws Exception {
        Matcher commands = COMMAND.matcher(runbook);
        int count = 0;
        while (commands.find()) {
            String help = Distribution.run(folder, Distribution.launcher(), List.of(commands.group(1), "--help"))
                    .out();
            Matcher options = OPTION.matcher(commands.group(2));
            while (options.find()) {
                assertThat(help).as(commands.group()).contains(options.group(1));
            }
            count++;
        }
        assertThat(count).isGreaterThan(3);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        Path docs = Distribution.checkout().resolve("docs");
        LINK.matcher(runbook).results().forEach(link -> {
            if (!link.group(1).isEmpty()) {
                assertThat(docs.resolve(link.group(1))).exists();
            } else {
                String heading = link.group(2).substring(1).replace('-', ' ');
                assertThat(runbook.toLowerCase(Locale.ROOT)).contains("### " + heading + "\n");
            }
        });
    }

    @Test
    void everyMeterThatItNamesIsOnThePageOfMeters() throws IOException {
        String page = Files.readString(Distribution.checkout().resolve("docs/metrics.md"));
        Matcher meters =
                Pattern.compile("relay_(?:ingest|dispatch)_[a-z_]*[a-z]").matcher(runbook);
        int count = 0;
        while (meters.find()) {
            assertThat(page).contains(meters.group());
            count++;
        }
        assertThat(count).isPositive();
    }
}
