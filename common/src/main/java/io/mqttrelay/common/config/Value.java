package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.mqttrelay.common.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One value of the file: where it stands, what was written there, and where to report what is wrong with it. */
final class Value {
    private final Source source;
    private final JsonPath path;
    private final JsonNode json;

    Value(Source source, JsonPath path, JsonNode json) {
        this.source = source;
        this.path = path;
        this.json = json;
    }

    /** What all values of one file share. */
    record Source(Problems problems, Substitution substitution, Path folder, LookedAt lookedAt) {}

    JsonPath path() {
        return path;
    }

    JsonNode json() {
        return json;
    }

    /** What relative file names are relative to. */
    Path folder() {
        return source.folder();
    }

    /** By way of which files are read. */
    LookedAt lookedAt() {
        return source.lookedAt();
    }

    /** The string with its references filled in; null: not a string, or a reference that leads nowhere, and reported. */
    @Nullable
    String text() {
        if (!json.isTextual()) {
            expected("a string");
            return null;
        }
        try {
            return source.substitution().apply(json.textValue(), this::warnIfOpenToOthers);
        } catch (Substitution.ReferenceException e) {
            problem(e.what());
            return null;
        }
    }

    /** Whoever may read the file has the secret that it most likely holds. */
    void warnIfOpenToOthers(Path file) {
        if (lookedAt().isOpenToOthers(file)) {
            warn("the file " + Printable.cut(file.toString()) + " is open to other users: give it mode 0600");
        }
    }

    /** Whether the value comes from outside of the file, where every value is a string. */
    boolean isReference() {
        return json.isTextual() && Substitution.hasReference(json.textValue());
    }

    /** The elements of a list. */
    List<Value> elements() {
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

    void problem(String what) {
        source.problems().add(path, what);
    }

    /** Reports a problem of something below this value that is not there. */
    void problemAt(String key, String what) {
        source.problems().add(path.key(key), what);
    }

    void warn(String what) {
        source.problems().warn(path, what);
    }

    /** Tells something about a key below this value that has its default. */
    void warnAt(String key, String what) {
        source.problems().warn(path.key(key), what);
    }

    /** Reports that the value is not what it must be, and what it is. Not for secrets. */
    void expected(String what) {
        problem("must be " + what + ", was " + shown());
    }

    /** Reports that a secret is not what it must be. */
    void expectedSecret(String what) {
        problem("must be " + what);
    }

    /** As it was written (never what a reference led to), of lists and objects only the kind. */
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
