package io.mqttrelay.common.config.destination;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The URL schemes that the addresses of a configuration may have. Given to the reader from outside: only the sinks know
 * them, and the configuration knows no sink. Immutable.
 */
public final class AddressSchemes {
    /** Checks a destination beyond the syntax of its URL. */
    @FunctionalInterface
    public interface Check {
        /** The problem of a destination in one line without secrets; null: none. */
        @Nullable
        String problem(Destination destination);
    }

    /** Checks the text of an expression. */
    @FunctionalInterface
    public interface ExpressionCheck {
        /** The problem of an expression in one line, with its position; null: none. */
        @Nullable
        String problem(String expression);
    }

    /** Only those of HTTP. */
    public static final AddressSchemes HTTP =
            new AddressSchemes(List.of(AddressScheme.HTTP, AddressScheme.HTTPS), destination -> null);

    /** Any scheme, for a process that calls no address and needs no sink for it. */
    public static final AddressSchemes ANY =
            new AddressSchemes(HTTP.byName.values(), destination -> null, expression -> null, true);

    private final Map<String, AddressScheme> byName = new LinkedHashMap<>();
    private final Check check;
    private final ExpressionCheck expressions;
    private final boolean any;

    /**
     * @param schemes in the order in which messages name them
     * @param check of addresses with one of them
     */
    public AddressSchemes(Collection<AddressScheme> schemes, Check check) {
        this(schemes, check, expression -> null, false);
    }

    /**
     * @param schemes in the order in which messages name them
     * @param check of addresses with one of them
     * @param expressions checks expressions
     */
    public AddressSchemes(Collection<AddressScheme> schemes, Check check, ExpressionCheck expressions) {
        this(schemes, check, expressions, false);
    }

    private AddressSchemes(Collection<AddressScheme> schemes, Check check, ExpressionCheck expressions, boolean any) {
        schemes.forEach(scheme -> byName.put(scheme.name(), scheme));
        this.check = check;
        this.expressions = expressions;
        this.any = any;
    }

    /** The scheme of a URL; null: an unknown one, or none. */
    public @Nullable AddressScheme of(URI url) {
        if (url.getScheme() == null) {
            return null;
        }
        String name = url.getScheme().toLowerCase(Locale.ROOT);
        AddressScheme known = byName.get(name);
        return known == null && any ? new AddressScheme(name, null, AddressScheme.ALL_SETTINGS) : known;
    }

    /** The problem of a destination in one line without secrets; null: none. */
    public @Nullable String problem(Destination destination) {
        return check.problem(destination);
    }

    /** The problem of an expression in one line, with its position; null: none. */
    public @Nullable String expressionProblem(String expression) {
        return expressions.problem(expression);
    }

    /** For messages: the beginnings of URLs, such as {@code http:// or https://}. */
    @Override
    public String toString() {
        List<String> begins = byName.keySet().stream().map(name -> name + "://").toList();
        int last = begins.size() - 1;
        return last < 1
                ? String.join("", begins)
                : String.join(", ", begins.subList(0, last)) + " or " + begins.get(last);
    }
}
