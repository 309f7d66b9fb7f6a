package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database that {@code jdbc://NAME} names.
 *
 * @param url of JDBC, such as {@code jdbc:postgresql://host/database}; may hold secrets
 * @param username null: none
 * @param password null: none
 * @param poolSize connections at most
 * @param properties passed to the driver; values may be secret
 */
public record JdbcTarget(
        String name,
        Secret url,
        @Nullable String username,
        @Nullable Secret password,
        int poolSize,
        Map<String, Secret> properties)
        implements TargetEntry {
    public JdbcTarget {
        properties = Map.copyOf(properties);
    }

    /** Without the user name, which may be a secret. */
    @Override
    public String toString() {
        return name;
    }
}
