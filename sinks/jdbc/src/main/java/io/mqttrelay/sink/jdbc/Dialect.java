package io.mqttrelay.sink.jdbc;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of database: its driver, and the properties of the driver that an operator may set. A property that loads a
 * class, a file of settings or a script is never among them.
 */
enum Dialect {
    POSTGRESQL(
            "postgresql",
            "org.postgresql.Driver",
            5432,
            Set.of(
                    "ApplicationName",
                    "assumeMinServerVersion",
                    "binaryTransfer",
                    "channelBinding",
                    "connectTimeout",
                    "currentSchema",
                    "hostRecheckSeconds",
                    "loadBalanceHosts",
                    "options",
                    "prepareThreshold",
                    "preparedStatementCacheQueries",
                    "preparedStatementCacheSizeMiB",
                    "reWriteBatchedInserts",
                    "ssl",
                    "sslcert",
                    "sslkey",
                    "sslmode",
                    "sslnegotiation",
                    "sslpassword",
                    "sslrootcert",
                    "stringtype",
                    "targetServerType",
                    "tcpKeepAlive"),
            Map.of("ApplicationName", "mqtt-relay", "connectTimeout", "5", "tcpKeepAlive", "true"),
            Map.of(
                    "gssEncMode", "disable",
                    "loginTimeout", "0", // otherwise the driver connects on a thread of its own, unguarded
                    "logServerErrorDetail", "false", // the detail quotes the values of a row
                    "socketFactory", CheckedSockets.class.getName())),
    MARIADB(
            "mariadb",
            "org.mariadb.jdbc.Driver",
            3306,
            Set.of(
                    "cachePrepStmts",
                    "connectionCollation",
                    "connectTimeout",
                    "disablePipeline",
                    "enabledSslCipherSuites",
                    "enabledSslProtocolSuites",
                    "keyPassword",
                    "keyStore",
                    "keyStorePassword",
                    "keyStoreType",
                    "maxAllowedPacket",
                    "prepStmtCacheSize",
                    "restrictedAuth",
                    "serverSslCert",
                    "sslMode",
                    "tcpKeepAlive",
                    "trustStore",
                    "trustStorePassword",
                    "trustStoreType",
                    "useAffectedRows",
                    "useBulkStmts",
                    "useBulkStmtsForInserts",
                    "useCompression"),
            Map.of("connectTimeout", "5000", "tcpKeepAlive", "true"),
            Map.of(
                    "allowLocalInfile", "false", // otherwise the server may ask for files of this machine
                    "dumpQueriesOnException", "false",
                    "permitRedirect", "false",
                    "socketFactory", CheckedSockets.class.getName(),
                    "sessionVariables", "time_zone='+00:00'",
                    "useServerPrepStmts", "true")), // otherwise the driver writes values into the text
    /** In memory of this process: for the quickstart and for tests. */
    H2("h2", "org.h2.Driver", 0, Set.of("MODE", "DB_CLOSE_DELAY", "DATABASE_TO_LOWER"), Map.of(), Map.of());

    private final String scheme;
    private final String driver;
    private final int port;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Set<String> allowed;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Map<String, String> defaults;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Map<String, String> fixed;

    Dialect(
            String scheme,
            String driver,
            int port,
            Set<String> allowed,
            Map<String, String> defaults,
            Map<String, String> fixed) {
        this.scheme = scheme;
        this.driver = driver;
        this.port = port;
        this.allowed = allowed;
        this.defaults = defaults;
        this.fixed = fixed;
    }

    /** The dialect of {@code jdbc:SCHEME:}; null: an unknown one. */
    static @Nullable Dialect of(String scheme) {
        for (Dialect dialect : values()) {
            if (dialect.scheme.equals(scheme)) {
                return dialect;
            }
        }
        return null;
    }

    boolean isMariaDb() {
        return this == MARIADB;
    }

    /** The word after {@code jdbc:}. */
    String scheme() {
        return scheme;
    }

    /** The class of the driver, which may be missing. */
    String driver() {
        return driver;
    }

    /** The TCP port if the URL has none. */
    int port() {
        return port;
    }

    /** The properties that an operator may set. */
    Set<String> allowed() {
        return allowed;
    }

    /** Properties that an operator may change. */
    Map<String, String> defaults() {
        return defaults;
    }

    /** Properties that nothing changes. */
    Map<String, String> fixed() {
        return fixed;
    }
}
