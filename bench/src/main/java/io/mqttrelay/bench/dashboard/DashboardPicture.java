package io.mqttrelay.bench.dashboard;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench/dashboard}. */
@Command(
        name = "bench/dashboard",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Draws the panels of a Grafana dashboard from what a running Prometheus has, as one SVG.")
final class DashboardPicture implements Callable<Integer> {
    private static final int VALUES = 100;

    @Parameters(paramLabel = "FILE", description = "the picture")
    private Path picture = Path.of("dashboard.svg");

    @Option(names = "--prometheus", paramLabel = "URL", description = "default: ${DEFAULT-VALUE}")
    private URI prometheus = URI.create("http://127.0.0.1:9090");

    @Option(names = "--dashboard", paramLabel = "FILE", description = "default: ${DEFAULT-VALUE}")
    private Path dashboard = Path.of("deploy/grafana/dashboards/mqtt-relay.json");

    @Option(names = "--minutes", paramLabel = "N", description = "until now (default: ${DEFAULT-VALUE})")
    private int minutes = 10;

    @Option(names = "--interval", paramLabel = "DURATION", description = "of rates (default: ${DEFAULT-VALUE})")
    private String interval = "30s";

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DashboardPicture()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        int step = Math.max(1, minutes * 60 / VALUES);
        long end = Instant.now().getEpochSecond() / step * step;
        TimeRange range = new TimeRange(end - minutes * 60L / step * step, end, step);
        List<Panel> panels = Panel.read(dashboard, interval);
        Prometheus source = new Prometheus(prometheus, HttpClient.newHttpClient());
        Picture drawn = new Picture(panels, range);
        int empty = 0;
        for (Panel panel : panels) {
            List<Series> series = new ArrayList<>();
            for (Panel.Target target : panel.targets()) {
                List<Series> found = source.query(target, range);
                series.addAll(found);
                if (found.isEmpty()) {
                    empty++;
                    System.err.println(panel.title() + " has no data for " + target.expression());
                }
            }
            drawn.draw(panel, series);
        }
        Files.writeString(picture, drawn.toString());
        System.err.println(picture + ": " + panels.size() + " panels and headings, " + empty + " queries without data");
        return 0;
    }
}
