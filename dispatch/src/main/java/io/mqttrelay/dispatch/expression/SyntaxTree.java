package io.mqttrelay.dispatch.expression;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Parser;
import com.dashjoin.jsonata.Parser.Symbol;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of the syntax tree that the library has read. The library keeps the fields of its nodes to its own package, so
 * they are read by reflection, once, when an expression is compiled. Any thread.
 */
final class SyntaxTree {
    /** Longer texts are no expressions, and the library's time grows with the square of the length. */
    private static final int MAX_LENGTH = 32_768;

    private final Symbol symbol;

    private SyntaxTree(Symbol symbol) {
        this.symbol = symbol;
    }

    /** @throws InvalidExpressionException if the text is no expression */
    static SyntaxTree read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidExpressionException("longer than " + MAX_LENGTH + " characters", 0);
        }
        try {
            return new SyntaxTree(new Parser().parse(text));
        } catch (JException e) {
            throw new InvalidExpressionException(problem(e), Math.max(0, e.getLocation()));
        } catch (java.util.regex.PatternSyntaxException e) {
            throw new InvalidExpressionException("a regular expression is not valid: " + e.getDescription(), 0);
        } catch (StackOverflowError e) {
            throw new InvalidExpressionException("nested too deep", 0);
        } catch (RuntimeException e) {
            throw new InvalidExpressionException("ends too early, or is not valid", text.length()); // of the library
        }
    }

    private static String problem(JException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return message.length() > 200 ? message.substring(0, 200) : message;
    }

    /** The kind of the node. */
    String type() {
        return String.valueOf(field("type"));
    }

    @Nullable
    Object value() {
        return field("value");
    }

    /** The value as a text. */
    String text() {
        return String.valueOf(field("value"));
    }

    /** The last character of the node's first token, from 1. */
    int position() {
        return field("position") instanceof Integer position ? position : 0;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(field(name));
    }

    boolean has(String name) {
        return field(name) != null;
    }

    /** A part that is there. */
    SyntaxTree part(String name) {
        SyntaxTree part = optional(name);
        if (part == null) {
            throw new InvalidExpressionException("a part is missing", position());
        }
        return part;
    }

    @Nullable
    SyntaxTree optional(String name) {
        return field(name) instanceof Symbol part ? new SyntaxTree(part) : null;
    }

    /** The parts of a list; empty: there is none. */
    List<SyntaxTree> parts(String name) {
        List<SyntaxTree> parts = new ArrayList<>();
        if (field(name) instanceof List<?> list) {
            list.forEach(each -> parts.add(new SyntaxTree((Symbol) each)));
        }
        return parts;
    }

    /** The pairs of keys and values of an object. */
    List<List<SyntaxTree>> pairs() {
        List<List<SyntaxTree>> pairs = new ArrayList<>();
        if (field("lhsObject") instanceof List<?> list) {
            for (Object pair : list) {
                Symbol[] both = (Symbol[]) pair;
                pairs.add(List.of(new SyntaxTree(both[0]), new SyntaxTree(both[1])));
            }
        }
        return pairs;
    }

    private @Nullable Object field(String name) {
        try {
            Field field = Symbol.class.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(symbol);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another version of the JSONata library than the relay was built for", e);
        }
    }
}
