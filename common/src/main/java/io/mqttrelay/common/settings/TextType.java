package io.mqttrelay.common.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A string that is checked by a rule.
 *
 * @param form its description in messages
 * @param secret the written text is never shown
 */
public record TextType<T>(String form, boolean secret, Rule<T> rule) implements Type<T> {
    /** Converts a string whose references are filled in. */
    @FunctionalInterface
    public interface Rule<T> {
        /**
         * Reads a string.
         *
         * @throws WrongException if the string breaks the rule
         */
        T read(String text, Value value) throws WrongException;
    }

    /** A string that breaks its rule. */
    public static final class WrongException extends Exception {
        private static final long serialVersionUID = 1;
        private final String what;
        private final String detail;

        /** @param what the whole message, without any part of the string */
        public WrongException(String what) {
            this(what, "");
        }

        /** @param detail follows {@code what}, but not for a string from a reference, which may be a secret */
        public WrongException(String what, String detail) {
            super(what, null, false, false);
            this.what = what;
            this.detail = detail;
        }

        /** For a text that is not secret. */
        public static WrongException was(String what, String text) {
            return new WrongException(what, ", was \"" + Printable.cut(text) + "\"");
        }

        public String what(boolean fromOutside) {
            return fromOutside ? what : what + detail;
        }
    }

    public static <T> TextType<T> of(String form, Rule<T> rule) {
        return new TextType<>(form, false, rule);
    }

    public static <T> TextType<T> secret(String form, Rule<T> rule) {
        return new TextType<>(form, true, rule);
    }

    /** A string of any characters that can be written as UTF-8, with at least one. */
    public static TextType<String> nonEmpty(String form) {
        return of(form, (text, value) -> Texts.nonEmpty(text));
    }

    /** A string that may be empty. */
    public static TextType<String> any(String form) {
        return of(form, (text, value) -> Texts.unicode(text));
    }

    @Override
    public @Nullable T read(Value value) {
        if (secret && !value.json().isTextual()) {
            value.expectedSecret("a string");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return rule.read(text, value);
        } catch (WrongException e) {
            value.problem(e.what(value.isReference()));
            return null;
        }
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
