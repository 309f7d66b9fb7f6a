package io.mqttrelay.testkit.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Makes the files of a new database: its system tables, the user {@code relay} and the database {@code relay}. */
final class DatabaseFolder {
    private DatabaseFolder() {}

    /** Fills an empty folder. */
    static void create(DatabaseProcess.Kind kind, Path folder) throws IOException {
        String data = data(folder);
        if (kind == DatabaseProcess.Kind.POSTGRESQL) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            DatabasePrograms.run(
                    DatabasePrograms.postgresql(
                            "initdb",
                            "-D",
                            data,
                            "-U",
                            "postgres",
                            "-A",
                            "trust",
                            "--encoding=UTF8",
                            "--no-locale",
                            "-N"),
                    "");
            String rules = """
                local all all trust
                host all postgres 127.0.0.1/32 trust
                host all all 127.0.0.1/32 scram-sha-256
                """;
            DatabasePrograms.run(
                    DatabasePrograms.as(
                            "postgres", List.of("sh", "-c", "printf '%s' '" + rules + "' > " + data + "/pg_hba.conf")),
                    "");
            DatabasePrograms.run(
                    DatabasePrograms.postgresql("postgres", "--single", "-j", "-D", data, "postgres"), """
                CREATE ROLE relay LOGIN PASSWORD 'relay-secret';

                CREATE DATABASE relay OWNER relay;
                """);
        } else {
            DatabasePrograms.run(
                    List.of(
                            "mariadb-install-db",
                            "--no-defaults",
                            "--datadir=" + data,
                            "--user=" + System.getProperty("user.name"),
                            "--auth-root-authentication-method=normal",
                            "--skip-test-db"),
                    "");
            Files.writeString(folder.resolve("init.sql"), """
                CREATE DATABASE IF NOT EXISTS relay CHARACTER SET utf8mb4;
                CREATE USER IF NOT EXISTS 'relay'@'127.0.0.1' IDENTIFIED BY 'relay-secret';
                GRANT ALL ON relay.* TO 'relay'@'127.0.0.1';
                """);
        }
    }

    /** The folder of the server's own files. */
    static String data(Path folder) {
        return folder.resolve("data").toString();
    }
}
