package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.text.NearestKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a database, taken apart and checked. The driver never sees the operator's text: {@link #driverUrl} is made
 * of the parts, and the properties are passed beside it, so that no spelling means one thing to the relay and another
 * to a driver.
 *
 * @param hosts with their ports; empty for a database in this process
 * @param properties of the URL and of the target, only allowed ones; values may be secret
 */
record DatabaseUrl(Dialect dialect, List<Host> hosts, String database, Map<String, String> properties) {
    /**
     * A host of the database.
     *
     * @param name or address, IPv6 without brackets
     */
    record Host(String name, int port) {
        @Override
        public String toString() {
            return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
        }
    }

    /** A URL that cannot be used; the message is for people and has no secret in it. */
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    private static final Pattern SCHEME = Pattern.compile("jdbc:([a-z0-9]+):(.*)", Pattern.DOTALL);
    private static final Pattern SERVER =
            Pattern.compile("//([^/?#@]+)/([\\p{L}\\p{N}_.$-]+)(?:\\?([^#]*))?", Pattern.DOTALL);
    private static final Pattern MEMORY = Pattern.compile("mem:([A-Za-z0-9_-]+)((?:;[A-Za-z_]+=[A-Za-z0-9_-]+)*)");
    private static final Pattern HOST = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?");

    private static final int LAST_PORT = 65535;

    DatabaseUrl {
        hosts = List.copyOf(hosts);
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /**
     * Reads the URL of a target.
     *
     * @param more the properties that stand beside the URL; they override those in it
     */
    static DatabaseUrl parse(String url, Map<String, String> more) throws InvalidException {
        Matcher scheme = SCHEME.matcher(url);
        Dialect dialect = scheme.matches() ? Dialect.of(scheme.group(1)) : null;
        if (dialect == null) {
            throw new InvalidException("its url must begin with jdbc:postgresql:// or jdbc:mariadb://");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        DatabaseUrl read = dialect == Dialect.H2
                ? memory(scheme.group(2), properties)
                : server(dialect, scheme.group(2), properties);
        properties.putAll(more);
        for (Map.Entry<String, String> property : properties.entrySet()) {
            checkProperty(dialect, property.getKey());
            if (dialect == Dialect.H2 && !property.getValue().matches("[A-Za-z0-9_-]+")) {
                throw new InvalidException("property " + property.getKey() + " must be one word");
            }
        }
        return new DatabaseUrl(dialect, read.hosts, read.database, properties);
    }

    private static DatabaseUrl server(Dialect dialect, String rest, Map<String, String> properties)
            throws InvalidException {
        Matcher parts = SERVER.matcher(rest);
        if (!parts.matches()) {
            throw new InvalidException("its url must be jdbc:" + dialect.scheme()
                    + "://HOST:PORT/DATABASE, with several hosts separated by commas");
        }
        List<Host> hosts = new ArrayList<>();
        for (String host : parts.group(1).split(",", -1)) {
            hosts.add(host(dialect, host));
        }
        String query = parts.group(3);
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            put(pair, properties);
        }
        return new DatabaseUrl(dialect, hosts, parts.group(2), Map.of());
    }

    private static DatabaseUrl memory(String rest, Map<String, String> properties) throws InvalidException {
        Matcher parts = MEMORY.matcher(rest);
        if (!parts.matches()) {
            throw new InvalidException("its url must be jdbc:h2:mem:NAME, a database in this process");
        }
        for (String pair : parts.group(2).isEmpty()
                ? new String[0]
                : parts.group(2).substring(1).split(";")) {
            put(pair, properties);
        }
        return new DatabaseUrl(Dialect.H2, List.of(), parts.group(1), Map.of());
    }

    private static Host host(Dialect dialect, String written) throws InvalidException {
        Matcher parts = HOST.matcher(written);
        if (!parts.matches()) {
            throw new InvalidException("its url has a host that is neither a name nor an address");
        }
        int port = parts.group(3) == null ? dialect.port() : Integer.parseInt(parts.group(3));
        if (port < 1 || port > LAST_PORT) {
            throw new InvalidException("its url has a port that is not 1..65535: " + port);
        }
        return new Host(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
    }

    private static void put(String pair, Map<String, String> properties) throws InvalidException {
        int equals = pair.indexOf('=');
        if (equals < 1 || pair.indexOf('%') >= 0) {
            throw new InvalidException(
                    "its url has a property that is not NAME=VALUE without %: write it in properties");
        }
        properties.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    private static void checkProperty(Dialect dialect, String name) throws InvalidException {
        if (name.equalsIgnoreCase("user") || name.equalsIgnoreCase("password")) {
            throw new InvalidException("write username and password beside the url, not in it");
        }
        if (!dialect.allowed().contains(name)) {
            throw new InvalidException("property " + (name.matches("\\w{1,40}") ? name : "with an unreadable name")
                    + " is not allowed for " + dialect.scheme() + "; the nearest is "
                    + NearestKey.of(name, dialect.allowed()));
        }
    }

    /** For the driver: without properties, user and password. */
    String driverUrl() {
        if (dialect == Dialect.H2) {
            StringBuilder url = new StringBuilder("jdbc:h2:mem:").append(database);
            properties.forEach(
                    (name, value) -> url.append(';').append(name).append('=').append(value));
            return url.toString();
        }
        return display();
    }

    /** For people: no property, no secret. */
    String display() {
        if (hosts.isEmpty()) {
            return "jdbc:" + dialect.scheme() + ":mem:" + database;
        }
        List<String> written = hosts.stream().map(Host::toString).toList();
        return "jdbc:" + dialect.scheme() + "://" + String.join(",", written) + "/" + database;
    }

    /** Without the values of properties, which may be secret. */
    @Override
    public String toString() {
        return display();
    }
}
