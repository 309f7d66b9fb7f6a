package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mqttrelay.common.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One value of the file: its path, its JSON, and the place to report its problems. */
public final class Value {
    private final Source source;
    private final JsonPath path;
    private final JsonNode json;

    Value(Source source, JsonPath path, JsonNode json) {
        this.source = source;
        this.path = path;
        this.json = json;
    }

    /** The parts that all values of one file share. */
    record Source(Problems problems, Substitution substitution, Path folder, FileSnapshot files, KeyPlaces places) {}

    /** A range of characters; {@code to} is exclusive. */
    public record Range(int from, int to) {}

    /**
     * A string with its references filled in.
     *
     * @param fromOutside the ranges that came from references, in the string's order
     */
    public record Filled(String text, List<Range> fromOutside) {
        private static final String HIDDEN = "***";

        public Filled {
            fromOutside = List.copyOf(fromOutside);
        }

        /** The text with {@code ***} in place of each range that came from a reference. */
        public String shown() {
            StringBuilder shown = new StringBuilder();
            int at = 0;
            for (Range range : fromOutside) {
                String part = text.substring(range.from(), range.to());
                shown.append(text, at, range.from()).append(part.isEmpty() ? part : HIDDEN);
                at = range.to();
            }
            return shown.append(text, at, text.length()).toString();
        }
    }

    public JsonPath path() {
        return path;
    }

    public JsonNode json() {
        return json;
    }

    /** The folder where relative file names start. */
    public Path folder() {
        return source.folder();
    }

    /**
     * Reads the text of a file that this value names, and records its content.
     *
     * @param max bytes
     */
    public String textOf(Path file, int max) throws FileSnapshot.UnreadableException {
        return source.files().text(file, max);
    }

    /**
     * The string with its references filled in; null: it is not a string, or a reference cannot be resolved, and that
     * is reported.
     */
    public @Nullable String text() {
        Filled filled = filled();
        return filled == null ? null : filled.text();
    }

    /** As {@link #text}, with the ranges that came from references. */
    public @Nullable Filled filled() {
        if (!json.isTextual()) {
            expected("a string");
            return null;
        }
        try {
            return source.substitution().fill(json.textValue(), this::warnIfOpenToOthers, this::warnOfNothing);
        } catch (Substitution.ReferenceException e) {
            problem(e.what());
            return null;
        }
    }

    private void warnOfNothing(String reference) {
        warn("${" + Printable.cut(reference) + "} is empty; where that is meant, write ${env:NAME:-}");
    }

    /** Warns about a file that every user may read: it most likely holds a secret. */
    public void warnIfOpenToOthers(Path file) {
        if (source.files().isOpenToOthers(file)) {
            warn("the file " + Printable.cut(file.toString())
                    + " is open to every user of this machine: give it mode 0600, or 0640");
        }
    }

    /** Whether the value has a reference. Every such value is a string. */
    public boolean isReference() {
        return json.isTextual() && Substitution.hasReference(json.textValue());
    }

    /** The message for an unknown key of this object. */
    String explainKey(String key, List<String> known) {
        return source.places().explain(key, known);
    }

    /** An empty object in place of a key below this value. */
    Value emptyAt(String key) {
        return new Value(source, path.key(key), JsonNodeFactory.instance.objectNode());
    }

    /** The elements of a list. */
    public List<Value> elements() {
        List<Value> elements = new ArrayList<>();
        for (JsonNode element : json) {
            elements.add(new Value(source, path.index(elements.size()), element));
        }
        return elements;
    }

    /** The entries of an object, by their keys as written. */
    List<Map.Entry<String, Value>> entries() {
        List<Map.Entry<String, Value>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            entries.add(Map.entry(field.getKey(), new Value(source, path.key(field.getKey()), field.getValue())));
        }
        return entries;
    }

    public void problem(String what) {
        source.problems().add(path, what);
    }

    /** Reports a problem of a missing key below this value. */
    public void problemAt(String key, String what) {
        source.problems().add(path.key(key), what);
    }

    public void warn(String what) {
        source.problems().warn(path, what);
    }

    /** Warns about a key below this value that has its default. */
    public void warnAt(String key, String what) {
        source.problems().warn(path.key(key), what);
    }

    /** Reports the expected and the actual value. Not for secrets. */
    public void expected(String what) {
        problem("must be " + what + ", was " + shown());
    }

    /** Reports the expected value without the actual one, which is a secret. */
    public void expectedSecret(String what) {
        problem("must be " + what);
    }

    /** The value as written, never the content of a reference. For a list or an object, only its kind. */
    private String shown() {
        if (json.isTextual()) {
            return "\"" + Printable.cut(json.textValue()) + "\"";
        }
        if (json.isArray()) {
            return "a list";
        }
        return json.isObject() ? "an object" : Printable.cut(json.asText());
    }
}
