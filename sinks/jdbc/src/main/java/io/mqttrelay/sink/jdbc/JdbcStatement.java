package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.text.NearestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A statement with named parameters, read once.
 *
 * @param sql with {@code ?} for each parameter, as JDBC wants it
 * @param parameters in the order of their {@code ?}; a repeated one is there again
 * @param isBatched whether the driver may run it for several messages at once: it changes rows and returns none
 */
record JdbcStatement(String sql, List<Parameter> parameters, boolean isBatched) {
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE");

    JdbcStatement {
        parameters = List.copyOf(parameters);
    }

    /** @throws StatementException if the text cannot be read, or names an unknown parameter */
    static JdbcStatement parse(String text, Dialect dialect) throws StatementException {
        return new Reader(text, dialect).read();
    }

    private static final class Reader {
        private final String text;
        private final Dialect dialect;
        private final SqlScanner scanner;
        private final StringBuilder sql = new StringBuilder();
        private final List<Parameter> parameters = new ArrayList<>();
        private String firstWord = "";
        private boolean returnsRows;

        Reader(String text, Dialect dialect) {
            this.text = text;
            this.dialect = dialect;
            this.scanner = new SqlScanner(text, dialect);
        }

        JdbcStatement read() throws StatementException {
            for (int at = 0; at < text.length(); ) {
                at = next(at);
            }
            if (firstWord.isEmpty()) {
                throw new StatementException("it has no SQL in it");
            }
            return new JdbcStatement(sql.toString(), parameters, CHANGES.contains(firstWord) && !returnsRows);
        }

        /** Copies or replaces the token at {@code at}, and returns its end. */
        private int next(int at) throws StatementException {
            int end = scanner.skip(at);
            if (end > at) {
                return copy(at, end);
            }
            end = scanner.word(at);
            if (end > at) {
                return word(at, end);
            }
            return switch (text.charAt(at)) {
                case ':' -> colon(at);
                case '?' -> questionMark(at);
                case '$' -> throw numbered(at);
                case ';' -> semicolon(at);
                default -> copy(at, at + 1);
            };
        }

        private int copy(int from, int to) {
            sql.append(text, from, to);
            return to;
        }

        private int word(int at, int end) throws StatementException {
            String word = text.substring(at, end).toUpperCase(Locale.ROOT);
            if (firstWord.isEmpty()) {
                firstWord = word;
            }
            returnsRows |= word.equals("RETURNING");
            boolean escaped = word.equals("E") && dialect == Dialect.POSTGRESQL && text.startsWith("'", end);
            return copy(at, escaped ? scanner.skipEscaped(end) : end);
        }

        /** A parameter, a cast ({@code ::}), an assignment ({@code :=}), or the colon of a slice. */
        private int colon(int at) throws StatementException {
            if (text.startsWith("::", at)) {
                return copy(at, at + 2);
            }
            int end = scanner.word(at + 1);
            if (end == at + 1 || Character.isDigit(text.charAt(at + 1))) {
                return copy(at, at + 1);
            }
            String name = text.substring(at + 1, end);
            if (name.equals(Parameter.TEMPLATE) && text.startsWith(".", end)) {
                int field = scanner.word(end + 1);
                name += "." + text.substring(end + 1, field);
                end = field;
            }
            parameters.add(parameter(name));
            sql.append('?');
            return end;
        }

        private static Parameter parameter(String name) throws StatementException {
            Parameter known = Parameter.of(name);
            if (known == null) {
                throw new StatementException(
                        "unknown parameter :" + name + "; the nearest is :" + NearestKey.of(name, Parameter.names()));
            }
            return known;
        }

        /** An operator of PostgreSQL, which its driver takes for a parameter unless it is doubled. */
        private int questionMark(int at) throws StatementException {
            if (dialect != Dialect.POSTGRESQL) {
                throw new StatementException("? at character " + (at + 1) + " is no parameter: write :name");
            }
            sql.append("??");
            return at + 1;
        }

        private StatementException numbered(int at) {
            return new StatementException("$ at character " + (at + 1) + " is no parameter: write :name");
        }

        /** Only white space and comments may follow the end of the statement. */
        private int semicolon(int at) throws StatementException {
            int rest = at + 1;
            while (rest < text.length()) {
                char c = text.charAt(rest);
                int end = c == '\'' || c == '"' || c == '`' || c == '$' ? rest : scanner.skip(rest);
                if (end == rest && c > ' ') {
                    throw new StatementException(
                            "one statement only: there is more after the ; at character " + (at + 1));
                }
                rest = Math.max(end, rest + 1);
            }
            return rest;
        }
    }
}
