package io.mqttrelay.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A file of results, one JSON document per line. */
public final class ResultsFile {
    private final ObjectMapper json =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);
    private final Path path;

    public ResultsFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** Appends a result; it is kept even if the benchmark ends early. */
    public void append(TurnResult result) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            String line = json.writeValueAsString(result) + "\n";
            Files.writeString(path, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a result in " + path, e);
        }
    }

    public List<TurnResult> read() {
        try {
            List<TurnResult> results = new ArrayList<>();
            for (String line : Files.readAllLines(path)) {
                results.add(parse(line));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private TurnResult parse(String line) throws JsonProcessingException {
        return json.readValue(line, TurnResult.class);
    }
}
