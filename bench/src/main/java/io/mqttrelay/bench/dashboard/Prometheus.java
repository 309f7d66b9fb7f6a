package io.mqttrelay.bench.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running Prometheus. */
record Prometheus(URI base, HttpClient http) {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final int OK = 200;

    /** @throws IOException no answer, or an answer without values */
    List<Series> query(Panel.Target target, TimeRange range) throws IOException {
        URI uri = base.resolve("/api/v1/query_range?query="
                + URLEncoder.encode(target.expression(), StandardCharsets.UTF_8) + "&start=" + range.begin() + "&end="
                + range.end() + "&step=" + range.step());
        List<Series> series = new ArrayList<>();
        for (JsonNode result : get(uri).path("data").path("result")) {
            series.add(new Series(name(target.legend(), result.path("metric")), values(result.path("values"), range)));
        }
        return series;
    }

    private JsonNode get(URI uri) throws IOException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri).timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new IOException(uri + " answered " + answer.statusCode() + ": " + answer.body());
            }
            return new ObjectMapper().readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String name(String legend, JsonNode labels) {
        return LABEL.matcher(legend)
                .replaceAll(label ->
                        Matcher.quoteReplacement(labels.path(label.group(1)).asText()));
    }

    private static List<Double> values(JsonNode pairs, TimeRange range) {
        List<Double> values = new ArrayList<>(Collections.nCopies(range.values(), Double.NaN));
        for (JsonNode pair : pairs) {
            int at = (int) ((pair.path(0).asLong() - range.begin()) / range.step());
            values.set(at, pair.path(1).asDouble(Double.NaN));
        }
        return values;
    }
}
