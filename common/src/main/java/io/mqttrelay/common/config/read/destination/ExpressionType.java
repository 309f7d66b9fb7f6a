package io.mqttrelay.common.config.read.destination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import org.jspecify.annotations.Nullable;

/** A text of code: an expression, or an SQL statement. Its syntax is not checked here. */
record ExpressionType(String form, int max) implements Type<String> {
    private static final int MAX_LENGTH = 1 << 16;

    ExpressionType() {
        this("JSONata expression", MAX_LENGTH);
    }

    static ExpressionType sql() {
        return new ExpressionType("SQL statement", MAX_LENGTH);
    }

    @Override
    public @Nullable String read(Value value) {
        return TextType.of(form, (text, unused) -> bounded(text)).read(value);
    }

    private String bounded(String text) throws WrongException {
        if (text.isBlank()) {
            throw new WrongException("must not be empty");
        }
        if (text.length() > max) {
            throw new WrongException("must have at most " + max + " characters");
        }
        return Texts.unicode(text);
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
