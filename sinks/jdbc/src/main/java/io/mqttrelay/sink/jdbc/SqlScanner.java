package io.mqttrelay.sink.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * Finds the ends of literals, quoted identifiers, comments and words in one SQL text, by the rules of one kind of
 * database. Immutable.
 */
final class SqlScanner {
    private final String sql;
    private final Dialect dialect;

    SqlScanner(String sql, Dialect dialect) {
        this.sql = sql;
        this.dialect = dialect;
    }

    /**
     * The end of the literal, quoted identifier or comment that begins at {@code at}, exclusive; {@code at} if none
     * begins there.
     *
     * @throws StatementException if it has no end
     */
    int skip(int at) throws StatementException {
        return switch (sql.charAt(at)) {
            case '\'' -> quoted(at, '\'', dialect.isMariaDb(), "literal");
            case '"' -> quoted(at, '"', dialect.isMariaDb(), "quoted name");
            case '`' -> dialect == Dialect.POSTGRESQL ? at : quoted(at, '`', false, "quoted name");
            case '-' -> isDashComment(at) ? endOfLine(at) : at;
            case '#' -> dialect.isMariaDb() ? endOfLine(at) : at;
            case '/' -> sql.startsWith("/*", at) ? comment(at) : at;
            case '$' -> dialect.isMariaDb() ? at : dollarQuoted(at);
            default -> at;
        };
    }

    /** The end of a literal in which a backslash escapes: {@code E'...'} of PostgreSQL, {@code at} its quote. */
    int skipEscaped(int at) throws StatementException {
        return quoted(at, '\'', true, "literal");
    }

    /** The end of the word (name, keyword or number) that begins at {@code at}; {@code at} if none begins there. */
    int word(int at) {
        int end = at;
        while (end < sql.length() && isWord(sql.charAt(end), end > at)) {
            end++;
        }
        return end;
    }

    /** Whether a character belongs to a word. A dollar sign does not begin one. */
    private static boolean isWord(char c, boolean inside) {
        return c == '_' || Character.isLetterOrDigit(c) || Character.isSurrogate(c) || (inside && c == '$');
    }

    private int quoted(int at, char quote, boolean backslash, String what) throws StatementException {
        for (int i = at + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '\\' && backslash) {
                i++;
            } else if (c == quote) {
                if (i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
                    return i + 1;
                }
                i++;
            }
        }
        throw unended(what, at);
    }

    /** MariaDB takes two dashes for a comment only before a space or a control character. */
    private boolean isDashComment(int at) {
        if (!sql.startsWith("--", at)) {
            return false;
        }
        return !dialect.isMariaDb() || at + 2 == sql.length() || sql.charAt(at + 2) <= ' ';
    }

    private int endOfLine(int at) {
        int end = at;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** Comments nest in PostgreSQL and H2. MariaDB runs the text of {@code /*!}. */
    private int comment(int at) throws StatementException {
        if (dialect.isMariaDb() && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at))) {
            throw new StatementException("the comment at character " + (at + 1)
                    + " would be run as SQL: write it without /*! and */, or remove it");
        }
        int depth = 1;
        for (int i = at + 2; i < sql.length(); i++) {
            if (sql.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0 || dialect.isMariaDb()) {
                    return i + 1;
                }
            } else if (sql.startsWith("/*", i)) {
                depth++;
                i++;
            }
        }
        throw unended("comment", at);
    }

    private int dollarQuoted(int at) throws StatementException {
        String tag = tag(at);
        if (tag == null) {
            return at;
        }
        int end = sql.indexOf(tag, at + tag.length());
        if (end < 0) {
            throw unended("literal " + tag, at);
        }
        return end + tag.length();
    }

    /** {@code $$}, or {@code $tag$} with a tag that is a name; null: neither. */
    private @Nullable String tag(int at) {
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != '$' && isWord(sql.charAt(end), false)) {
            end++;
        }
        boolean closed = end < sql.length() && sql.charAt(end) == '$';
        boolean numbered = end > at + 1 && Character.isDigit(sql.charAt(at + 1));
        return closed && !numbered ? sql.substring(at, end + 1) : null;
    }

    private static StatementException unended(String what, int at) {
        return new StatementException("the " + what + " that begins at character " + (at + 1) + " has no end");
    }
}
