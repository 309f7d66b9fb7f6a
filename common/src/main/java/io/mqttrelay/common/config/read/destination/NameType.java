package io.mqttrelay.common.config.read.destination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import org.jspecify.annotations.Nullable;

/**
 * A name that everybody may see, so that it must not come from a reference.
 *
 * @param characters that it may have
 * @param form in messages
 */
record NameType(Pattern characters, String form) implements Type<String> {
    /** The id of an address. */
    static final NameType ID = new NameType(
            Pattern.compile("[^\\s\\pC?|]{1,200}(\\?sha256-[0-9a-f]{16})?"),
            "string of 1..200 characters without spaces, `?` and `|`");
    /** The name of an address. */
    static final NameType NAME =
            new NameType(Pattern.compile("[^\\pC\\p{Zl}\\p{Zp}]{1,100}"), "string of 1..100 characters");

    @Override
    public @Nullable String read(Value value) {
        if (value.isReference()) {
            value.problem("is shown to people and stored in Kafka: must be written here, without ${...}");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        if (!characters.matches(text) || text.isBlank()) {
            value.expected("a " + form.replace("`", ""));
            return null;
        }
        return text;
    }

    @Override
    public String describe() {
        return form;
    }

    @Override
    public ObjectNode schema() {
        return Type.schemaOf("string");
    }
}
