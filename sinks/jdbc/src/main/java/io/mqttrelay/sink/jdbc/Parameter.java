package io.mqttrelay.sink.jdbc;

import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A named parameter of a statement.
 *
 * @param field of the message
 * @param path in the result of the template; empty for all others
 */
record Parameter(Field field, String path) {
    /** The beginning of the names of those that the template makes: {@code template.x}. */
    static final String TEMPLATE = "template";

    /** The fields of a message, and the types that the database gets. */
    enum Field {
        ID(Types.VARCHAR),
        APP_ID(Types.VARCHAR),
        CLIENT_ID(Types.VARCHAR),
        TOPIC(Types.VARCHAR),
        QOS(Types.INTEGER),
        RETAIN(Types.BOOLEAN),
        RECEIVED_AT(Types.TIMESTAMP_WITH_TIMEZONE),
        CONTENT_TYPE(Types.VARCHAR),
        PAYLOAD(Types.VARBINARY),
        PAYLOAD_TEXT(Types.VARCHAR),
        PAYLOAD_JSON(Types.VARCHAR),
        TEMPLATE(Types.VARCHAR);

        private final int sqlType;

        Field(int sqlType) {
            this.sqlType = sqlType;
        }

        /** The type of a null, one of {@link Types}. */
        int sqlType() {
            return sqlType;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The parameter of this name; null: there is none. */
    static @Nullable Parameter of(String name) {
        if (name.startsWith(TEMPLATE + ".") && name.length() > TEMPLATE.length() + 1) {
            return new Parameter(Field.TEMPLATE, name.substring(TEMPLATE.length() + 1));
        }
        return Arrays.stream(Field.values())
                .filter(field -> field != Field.TEMPLATE && field.text().equals(name))
                .map(field -> new Parameter(field, ""))
                .findFirst()
                .orElse(null);
    }

    /** All names, for messages; {@code template.x} stands for those of the template. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Field field : Field.values()) {
            names.add(field == Field.TEMPLATE ? TEMPLATE + ".x" : field.text());
        }
        return names;
    }

    /** As it stands in the statement, with its colon. */
    @Override
    public String toString() {
        return ":" + field.text() + (path.isEmpty() ? "" : "." + path);
    }
}
