package io.mqttrelay.common.config;

import com.google.re2j.Pattern;
import io.mqttrelay.common.config.TextType.WrongException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sections {@code ingest}, {@code dispatch}, {@code admin} and {@code log_config}. */
final class ServiceReader {
    private static final int GOOD_TOKEN = 32;
    private static final int MAX_TOKEN = 1024;
    private static final int MOST_DAYS = 36_500;
    private static final int MOST_BACKUPS = 10_000;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");
    private static final SizeType MEMORY = SizeType.between("1KB", "1024GB");

    private static final Key<Long> MAX_UNACKED = Key.withDefault(
            "max_unacked",
            MEMORY,
            64L << 20,
            "\"64MB\"",
            "bytes received and not yet stored by Kafka, in one ingest; beyond it ingest stops taking (keeping its session)"
                    + " until half is stored");
    static final Section INGEST = new Section("ingest", "Bounds of one ingest.", List.of(MAX_UNACKED));

    private static final Key<String> GROUP_ID = Key.withDefault(
            "group_id",
            TextType.of("string", (text, value) -> Texts.name(text, 249)),
            "relay-dispatch",
            "\"relay-dispatch\"",
            "the Kafka consumer group that all dispatchers share");
    private static final Key<Integer> MAX_IN_FLIGHT = Key.withDefault(
            "max_in_flight", new IntegerType(1, 100_000), 1024, "1024", "concurrent calls in one dispatcher");
    private static final Key<Long> MAX_BUFFERED =
            Key.withDefault("max_buffered", MEMORY, 64L << 20, "\"64MB\"", "messages held in memory in one dispatcher");
    static final Section DISPATCH =
            new Section("dispatch", "Bounds of one dispatcher.", List.of(GROUP_ID, MAX_IN_FLIGHT, MAX_BUFFERED));

    private static final Key<String> HOST = Key.withDefault(
            "host",
            TextType.of("host name or address", (text, value) -> Hosts.host(text)),
            "127.0.0.1",
            "\"127.0.0.1\"",
            "`/api` and the console, which are not there yet, will need `token` on any other host");
    private static final Key<Integer> INGEST_PORT = Key.withDefault(
            "ingest_port", new IntegerType(0, 65_535), 8081, "8081", "0: any free port, printed at start");
    private static final Key<Integer> DISPATCH_PORT = Key.withDefault(
            "dispatch_port", new IntegerType(0, 65_535), 8082, "8082", "0: any free port, printed at start");
    private static final Key<Secret> ADMIN_TOKEN = Key.optional(
            "token",
            TextType.secret("string", (text, value) -> token(text)),
            "bearer token for `/api` and the console, which are not there yet; at least 32 random characters");
    static final Section ADMIN = new Section(
            "admin",
            "The HTTP server of both services: health and metrics; `/api` and the console are not there yet.",
            List.of(HOST, INGEST_PORT, DISPATCH_PORT, ADMIN_TOKEN));

    private static final Key<LogSettings.Level> LEVEL = Key.withDefault(
            "level",
            ChoiceType.of(LogSettings.Level.class)
                    .withSynonyms(Map.of(
                            "warning", LogSettings.Level.WARN,
                            "dpanic", LogSettings.Level.ERROR,
                            "panic", LogSettings.Level.ERROR,
                            "fatal", LogSettings.Level.ERROR)),
            LogSettings.Level.INFO,
            "\"info\"",
            "any case; `warning`, `dpanic`, `panic` and `fatal` are understood too");
    private static final Key<String> FILENAME = Key.optional(
            "filename",
            TextType.of("file name", (text, value) -> fileName(text)),
            "relative to the working directory. `relay ingest` and `relay dispatch` put their name before the extension"
                    + " (`logs/mqtt.log` becomes `logs/mqtt.ingest.log`); the console (stderr) always gets the log too");
    private static final Key<Integer> MAXSIZE = Key.withDefault(
            "maxsize", new IntegerType(0, 1 << 20), 100, "100", "MB at which the file is rolled; 0 means 100");
    private static final Key<Integer> MAX_AGE = Key.withDefault(
            "max_age", new IntegerType(0, MOST_DAYS), 7, "7", "days that rolled files are kept; 0: no limit");
    private static final Key<Integer> MAX_BACKUPS = Key.withDefault(
            "max_backups", new IntegerType(0, MOST_BACKUPS), 3, "3", "rolled files that are kept; 0: no limit");
    private static final Key<LogSettings.Format> FORMAT = Key.withDefault(
            "format", ChoiceType.of(LogSettings.Format.class), LogSettings.Format.TEXT, "\"text\"", "how a line looks");
    static final Section LOG =
            new Section("log_config", "The log.", List.of(LEVEL, FILENAME, MAXSIZE, MAX_AGE, MAX_BACKUPS, FORMAT));

    private ServiceReader() {}

    private static Secret token(String text) throws WrongException {
        if (!TOKEN.matches(text) || text.length() > MAX_TOKEN) {
            throw new WrongException("must be at most 1024 visible ASCII characters without spaces");
        }
        return new Secret(text);
    }

    private static String fileName(String text) throws WrongException {
        try {
            Path file = Path.of(text);
            if (!text.isEmpty() && (text.endsWith("/") || file.getFileName() == null)) {
                throw new WrongException("must name a file, not a folder");
            }
            return text;
        } catch (InvalidPathException e) {
            throw new WrongException("is not the name of a file");
        }
    }

    static IngestSettings ingest(Fields fields) {
        return new IngestSettings(fields.get(MAX_UNACKED));
    }

    static DispatchSettings dispatch(Fields fields) {
        return new DispatchSettings(fields.get(GROUP_ID), fields.get(MAX_IN_FLIGHT), fields.get(MAX_BUFFERED));
    }

    static AdminSettings admin(Fields fields) {
        Secret token = fields.find(ADMIN_TOKEN);
        String host = fields.get(HOST);
        if (token != null && token.reveal().length() < GOOD_TOKEN) {
            fields.warn(ADMIN_TOKEN, "is short enough to be guessed: take at least 32 random characters");
        }
        if (token == null && !fields.has(ADMIN_TOKEN) && !Hosts.isLoopback(host)) {
            fields.warn(
                    HOST,
                    "without a token, /api and the console will be switched off on this host, once they are there");
        }
        int ingestPort = fields.get(INGEST_PORT);
        int dispatchPort = fields.get(DISPATCH_PORT);
        if (ingestPort == dispatchPort && ingestPort != 0) {
            fields.warn(DISPATCH_PORT, "is ingest_port too: the two cannot run on one machine");
        }
        return new AdminSettings(host, ingestPort, dispatchPort, token);
    }

    static LogSettings log(Fields fields) {
        int maxSize = fields.get(MAXSIZE);
        return new LogSettings(
                fields.get(LEVEL),
                path(fields.find(FILENAME)),
                maxSize == 0 ? 100 : maxSize,
                orMost(fields.get(MAX_AGE), MOST_DAYS),
                orMost(fields.get(MAX_BACKUPS), MOST_BACKUPS),
                fields.get(FORMAT));
    }

    /** The original takes 0 for no limit. */
    private static int orMost(int limit, int most) {
        return limit == 0 ? most : limit;
    }

    private static @Nullable Path path(@Nullable String name) {
        return name == null || name.isEmpty() ? null : Path.of(name);
    }
}
