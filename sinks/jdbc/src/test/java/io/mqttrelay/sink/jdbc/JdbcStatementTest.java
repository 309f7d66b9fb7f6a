package io.mqttrelay.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcStatementTest {
    /** Text that has no parameter in it, though most look as if they had one. */
    private static final List<String> PLAIN = List.of(
            "':id'",
            "'it''s :id'",
            "E'\\':id'",
            "\":id\"",
            "\"a\"\":id\"",
            "$$:id$$",
            "$x$ :id $$ $x$",
            "-- :id\n",
            "/* :id /* :topic */ */",
            "a::text",
            "a:=1",
            "a[1:2]",
            "x",
            "1e5",
            "U&'d\\0061:id'",
            "(",
            ",",
            " ");

    private static final List<String> MARIADB_PLAIN = List.of(
            "':id'",
            "'it\\':id'",
            "'it'':id'",
            "\"a\\\":id\"",
            "`:id`",
            "-- :id\n",
            "# :id\n",
            "/* :id */",
            "a--b",
            "@a := 1",
            "x",
            "(",
            ",",
            " ");

    private static List<String> names(JdbcStatement statement) {
        return statement.parameters().stream().map(Object::toString).toList();
    }

    @Test
    void parametersBecomeQuestionMarks() throws StatementException {
        JdbcStatement read = JdbcStatement.parse(
                "INSERT INTO t VALUES (:id, :payload_json::jsonb, :id, :template.temp)", Dialect.POSTGRESQL);

        assertThat(read.sql()).isEqualTo("INSERT INTO t VALUES (?, ?::jsonb, ?, ?)");
        assertThat(names(read)).containsExactly(":id", ":payload_json", ":id", ":template.temp");
        assertThat(read.isBatched()).isTrue();
    }

    @Test
    void operatorsWithAQuestionMarkAreDoubled() throws StatementException {
        JdbcStatement read = JdbcStatement.parse("SELECT '?' WHERE a ?| b", Dialect.POSTGRESQL);

        assertThat(read.sql()).isEqualTo("SELECT '?' WHERE a ??| b");
        assertThat(read.isBatched()).isFalse();
    }

    @Test
    void theEndOfTheStatementIsLeftOut() throws StatementException {
        assertThat(JdbcStatement.parse("DELETE FROM t ; -- :x\n ", Dialect.MARIADB)
                        .sql())
                .isEqualTo("DELETE FROM t ");
    }

    @Test
    void statementsThatReturnRowsRunOneByOne() throws StatementException {
        assertThat(JdbcStatement.parse("INSERT INTO t VALUES (:id) RETURNING id", Dialect.POSTGRESQL)
                        .isBatched())
                .isFalse();
    }

    @Test
    void anUnknownParameterIsNamedWithTheNearest() {
        assertThatThrownBy(() -> JdbcStatement.parse("INSERT INTO t VALUES (:paylod)", Dialect.POSTGRESQL))
                .isInstanceOf(StatementException.class)
                .hasMessage("unknown parameter :paylod; the nearest is :payload");
        assertThatThrownBy(() -> JdbcStatement.parse("SELECT :template", Dialect.POSTGRESQL))
                .hasMessageContaining("the nearest is :template.x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'a",
                "SELECT E'a\\'",
                "SELECT \"a",
                "SELECT $$a",
                "SELECT $x$a$$",
                "SELECT /* /* */",
                "SELECT $1",
                "SELECT 1; SELECT 2",
                "",
                "  -- nothing\n;"
            })
    void unreadableStatementsAreRefused(String text) {
        assertThatThrownBy(() -> JdbcStatement.parse(text, Dialect.POSTGRESQL)).isInstanceOf(StatementException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'a\\'", "SELECT `a", "SELECT /*! :id */", "SELECT ?", "SELECT 1; DROP TABLE t"})
    void unreadableStatementsOfMariaDbAreRefused(String text) {
        assertThatThrownBy(() -> JdbcStatement.parse(text, Dialect.MARIADB)).isInstanceOf(StatementException.class);
    }

    @Provide
    Arbitrary<List<String>> postgresql() {
        return pieces(PLAIN);
    }

    @Provide
    Arbitrary<List<String>> mariadb() {
        return pieces(MARIADB_PLAIN);
    }

    private static Arbitrary<List<String>> pieces(List<String> plain) {
        return Arbitraries.oneOf(
                        Arbitraries.of(plain), Arbitraries.of(Parameter.names()).map(name -> ":" + name))
                .list()
                .ofMaxSize(30);
    }

    @Property
    void onlyParametersOfPostgreSqlAreReplaced(@ForAll("postgresql") List<String> pieces) throws StatementException {
        onlyParametersAreReplaced(pieces, PLAIN, Dialect.POSTGRESQL);
    }

    @Property
    void onlyParametersOfMariaDbAreReplaced(@ForAll("mariadb") List<String> pieces) throws StatementException {
        onlyParametersAreReplaced(pieces, MARIADB_PLAIN, Dialect.MARIADB);
    }

    private static void onlyParametersAreReplaced(List<String> pieces, List<String> plain, Dialect dialect)
            throws StatementException {
        StringBuilder expected = new StringBuilder("SELECT ");
        List<String> parameters = new ArrayList<>();
        for (String piece : pieces) {
            boolean isPlain = plain.contains(piece);
            expected.append(isPlain ? piece : "?").append(' ');
            if (!isPlain) {
                parameters.add(piece);
            }
        }

        JdbcStatement read = JdbcStatement.parse("SELECT " + String.join(" ", pieces) + " ", dialect);

        assertThat(read.sql().replace(" ", "")).isEqualTo(expected.toString().replace(" ", ""));
        assertThat(names(read)).isEqualTo(parameters);
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll String text) {
        for (Dialect dialect : Dialect.values()) {
            try {
                assertThat(JdbcStatement.parse(text, dialect)).isNotNull();
            } catch (StatementException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }
}
