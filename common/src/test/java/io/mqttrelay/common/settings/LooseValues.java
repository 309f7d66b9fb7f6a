package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/** Values without a file, for tests of types. */
public final class LooseValues {
    private final Problems problems = new Problems("file");
    private final FileSnapshot files = new FileSnapshot();
    private final Value.Source source = new Value.Source(
            problems,
            new Substitution(Path.of("/"), name -> null, files),
            Path.of("/"),
            files,
            new KeyPlaces(new Section("file", "", List.of()), name -> null));

    /** A value of the tree {@code json} at the path of {@code key}. */
    public Value at(String key, JsonNode json) {
        return new Value(source, JsonPath.ROOT.key(key), json);
    }

    /** A value of the tree {@code json} at the root. */
    public Value root(JsonNode json) {
        return new Value(source, JsonPath.ROOT, json);
    }

    /** The problems of all these values. */
    public List<String> problems() {
        return problems.problems();
    }
}
