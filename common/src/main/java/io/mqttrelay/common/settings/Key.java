package io.mqttrelay.common.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, type with limits, default and meaning in one place. The reader, the reference page and the
 * JSON Schema are made from it.
 *
 * @param required the key must be there
 * @param fallback the value if the key is missing; null: none
 * @param fallbackText the default as written in the file, or the source of the default; empty: none
 * @param aliases other names that are accepted with a warning
 * @param meaning for the reference page
 */
public record Key<T>(
        String name,
        Type<T> type,
        boolean required,
        @Nullable T fallback,
        String fallbackText,
        List<String> aliases,
        String meaning) {
    /** A key that must be there. */
    public static <T> Key<T> required(String name, Type<T> type, String meaning) {
        return new Key<>(name, type, true, null, "", List.of(), meaning);
    }

    /** A key without a default. */
    public static <T> Key<T> optional(String name, Type<T> type, String meaning) {
        return new Key<>(name, type, false, null, "", List.of(), meaning);
    }

    /** A key whose default depends on something else. */
    public static <T> Key<T> derived(String name, Type<T> type, String from, String meaning) {
        return new Key<>(name, type, false, null, from, List.of(), meaning);
    }

    /** A key with a default. */
    public static <T> Key<T> withDefault(String name, Type<T> type, T fallback, String json, String meaning) {
        return new Key<>(name, type, false, fallback, json, List.of(), meaning);
    }

    /** The same key, also accepted by another name. */
    public Key<T> alsoKnownAs(String alias) {
        return new Key<>(name, type, required, fallback, fallbackText, List.of(alias), meaning);
    }

    /** The same key in another object, whose default stands elsewhere. */
    public Key<T> inherited(String from, String other) {
        return new Key<>(name, type, false, null, from, aliases, other);
    }
}
