package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.JdbcTarget;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.dispatch.template.MessageShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one address, checked and read: its database and its statement. Connects to nothing.
 *
 * @param target of {@code targets.jdbc}
 */
record JdbcAddress(JdbcTarget target, DatabaseUrl url, DatabaseStatement statement) {
    /** The settings cannot be used; the message is one line for people without secrets. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** Reads the settings of a destination whose scheme is {@code jdbc}. */
    static JdbcAddress of(Destination destination) throws UnusableException {
        if (!(destination.target() instanceof JdbcTarget target)) {
            throw new UnusableException("it names no entry of targets.jdbc");
        }
        String path = destination.address().url().getRawPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            throw new UnusableException("an address of a database has no path: the statement names the table");
        }
        String text = destination.request().statement();
        if (text == null || text.isBlank()) {
            throw new UnusableException(
                    "it needs a statement, such as INSERT INTO t (id, payload) VALUES (:id, :payload)");
        }
        DatabaseUrl url = url(target);
        Template template = destination.request().template();
        JdbcStatement statement = statement(text, url.dialect(), template);
        MessageShape shape = shape(template, destination.owner().appName());
        return new JdbcAddress(
                target,
                url,
                new DatabaseStatement(url.dialect(), statement, new Bindings(statement, url.dialect(), shape)));
    }

    private static DatabaseUrl url(JdbcTarget target) throws UnusableException {
        DatabaseUrl url;
        try {
            url = DatabaseUrl.parse(target.url().reveal(), revealed(target.properties()));
        } catch (DatabaseUrl.InvalidException e) {
            throw new UnusableException("targets.jdbc." + target.name() + ": " + e.getMessage());
        }
        try {
            Class.forName(url.dialect().driver(), false, JdbcAddress.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UnusableException("targets.jdbc." + target.name() + ": the driver of "
                    + url.dialect().scheme() + " is not installed");
        }
        return url;
    }

    private static JdbcStatement statement(String text, Dialect dialect, @Nullable Template template)
            throws UnusableException {
        JdbcStatement statement;
        try {
            statement = JdbcStatement.parse(text, dialect);
        } catch (StatementException e) {
            throw new UnusableException("its statement cannot be used: " + e.getMessage());
        }
        for (Parameter parameter : statement.parameters()) {
            boolean isMissing = parameter.field() == Parameter.Field.TEMPLATE
                    && (template == null || !template.params().containsKey(parameter.path()));
            if (isMissing) {
                throw new UnusableException(
                        "its statement cannot be used: " + parameter + " needs template.params." + parameter.path());
            }
        }
        return statement;
    }

    private static @Nullable MessageShape shape(@Nullable Template template, String appName) throws UnusableException {
        try {
            return template == null ? null : MessageShape.of(template, appName);
        } catch (IllegalArgumentException e) {
            throw new UnusableException(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> revealed(Map<String, Secret> secrets) {
        Map<String, String> clear = new LinkedHashMap<>();
        secrets.forEach((name, value) -> clear.put(name, value.reveal()));
        return clear;
    }

    /** For the driver, with user and password. */
    Properties properties() {
        Properties properties = new Properties();
        properties.putAll(url.dialect().defaults());
        if (url.dialect() != Dialect.H2) {
            properties.putAll(url.properties()); // H2 has them in its URL
        }
        properties.putAll(url.dialect().fixed());
        if (target.username() != null) {
            properties.setProperty("user", target.username());
        }
        if (target.password() != null) {
            properties.setProperty("password", target.password().reveal());
        }
        return properties;
    }

    /** Hides what may be secret in the driver's texts: the password, and the values of properties. */
    HiddenSecrets hidden() {
        List<String> secrets = new ArrayList<>(revealed(target.properties()).values());
        if (target.password() != null) {
            secrets.add(target.password().reveal());
        }
        return new HiddenSecrets(secrets);
    }
}
