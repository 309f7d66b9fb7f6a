package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One of a few words; case does not matter.
 *
 * @param words by their text, in the order in which messages list them
 * @param synonyms other texts that are accepted
 * @param later words that a later release will know
 */
public record ChoiceType<T>(Map<String, T> words, Map<String, T> synonyms, Set<String> later) implements Type<T> {
    public ChoiceType {
        words = new LinkedHashMap<>(words);
    }

    /** All values of an enumeration, in lower case. */
    public static <E extends Enum<E>> ChoiceType<E> of(Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        return new ChoiceType<>(words, Map.of(), Set.of());
    }

    public ChoiceType<T> withSynonyms(Map<String, T> others) {
        return new ChoiceType<>(words, others, later);
    }

    public ChoiceType<T> withLater(String... words) {
        return new ChoiceType<>(this.words, synonyms, Set.of(words));
    }

    @Override
    public @Nullable T read(Value value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        for (Map<String, T> known : List.of(words, synonyms)) {
            for (Map.Entry<String, T> word : known.entrySet()) {
                if (word.getKey().equalsIgnoreCase(text)) {
                    return word.getValue();
                }
            }
        }
        if (later.stream().anyMatch(text::equalsIgnoreCase)) {
            value.problem(Printable.cut(text) + " is not supported yet");
        } else {
            value.expected(String.join(" or ", words.keySet()));
        }
        return null;
    }

    @Override
    public String describe() {
        String known = "`" + String.join("`, `", words.keySet()) + "`";
        return later.isEmpty()
                ? known
                : known + "; not supported yet: `" + String.join("`, `", new TreeSet<>(later)) + "`";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Type.schemaOf("string");
        ArrayNode choices = schema.putArray("enum");
        words.keySet().forEach(choices::add);
        return Type.orReference(schema);
    }

    @Override
    public boolean takesNull() {
        return false;
    }
}
