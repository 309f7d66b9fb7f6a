package io.mqttrelay.common.config.read;

import com.google.re2j.Pattern;
import io.mqttrelay.common.config.AdminSettings;
import io.mqttrelay.common.config.DispatchSettings;
import io.mqttrelay.common.config.IngestSettings;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.LogSettings;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SizeType;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sections {@code ingest}, {@code dispatch}, {@code admin} and {@code log_config}. */
final class ServiceReader {
    private static final int GOOD_TOKEN = 32;
    private static final int MAX_TOKEN = 1024;
    private static final int MOST_DAYS = 36_500;
    private static final int MOST_BACKUPS = 10_000;
    private static final String MAX_POLL_INTERVAL = "max.poll.interval.ms";
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");
    private static final SizeType MEMORY = SizeType.between("1KB", "1024GB");

    private static final Key<Long> MAX_UNACKED = Key.derived(
            "max_unacked",
            MEMORY,
            "a quarter of the heap, at most 64MB",
            "bytes received and not yet acknowledged to the MQTT broker, in one ingest. Each app has a share and may borrow"
                    + " unused memory; the sockets of an app that has no more are not read until it has. At least one"
                    + " message of each app is always admitted");
    private static final Key<Long> MAX_MESSAGE = Key.derived(
            "max_message",
            SizeType.between("64KB", "256MB"),
            "a sixteenth of the heap, at most 16MB",
            "bytes of one MQTT message with topic and properties; a larger one becomes one dead letter `too_large`, with its"
                    + " first 64 KB");
    static final Section INGEST = new Section("ingest", "Bounds of one ingest.", List.of(MAX_UNACKED, MAX_MESSAGE));

    private static final Key<String> GROUP_ID = Key.withDefault(
            "group_id",
            TextType.of("string", (text, value) -> Texts.name(text, 249)),
            "relay-dispatch",
            "\"relay-dispatch\"",
            "the Kafka consumer group that all dispatchers share");
    private static final Key<Integer> MAX_IN_FLIGHT = Key.withDefault(
            "max_in_flight", new IntegerType(1, 100_000), 1024, "1024", "concurrent calls in one dispatcher");
    private static final Key<Long> MAX_BUFFERED = Key.withDefault(
            "max_buffered",
            MEMORY,
            64L << 20,
            "\"64MB\"",
            "messages held in memory in one dispatcher, and what Kafka's clients have fetched for it");
    private static final Key<Duration> REBALANCE_WAIT = Key.withDefault(
            "rebalance_wait",
            DurationType.between("0s", "1h"),
            Duration.ofSeconds(30),
            "\"30s\"",
            "how long calls in flight may end before their partitions are given away; a longer call is repeated. At most"
                    + " `max.poll.interval.ms` less 30 s, where `kafka.consumer` sets that");
    static final Section DISPATCH = new Section(
            "dispatch", "Bounds of one dispatcher.", List.of(GROUP_ID, MAX_IN_FLIGHT, MAX_BUFFERED, REBALANCE_WAIT));

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
        return new IngestSettings(fields.find(MAX_UNACKED), fields.find(MAX_MESSAGE));
    }

    static DispatchSettings dispatch(Fields fields, KafkaSettings kafka) {
        return new DispatchSettings(
                fields.get(GROUP_ID),
                fields.get(MAX_IN_FLIGHT),
                fields.get(MAX_BUFFERED),
                rebalanceWait(fields, kafka));
    }

    private static Duration rebalanceWait(Fields fields, KafkaSettings kafka) {
        Duration wait = fields.get(REBALANCE_WAIT);
        Duration most = longestRebalanceWait(kafka);
        if (most == null || wait.compareTo(most) <= 0) {
            return wait;
        }
        if (fields.has(REBALANCE_WAIT)) {
            fields.problem(
                    REBALANCE_WAIT,
                    "must be at most " + DurationType.text(most)
                            + ", max.poll.interval.ms of the Kafka consumer less 30 s," + " was "
                            + DurationType.text(wait));
        }
        return most;
    }

    /** How long a rebalance may wait for calls in flight within {@code max.poll.interval.ms}; null: that is not set. */
    private static @Nullable Duration longestRebalanceWait(KafkaSettings kafka) {
        Secret set = kafka.consumer()
                .getOrDefault(MAX_POLL_INTERVAL, kafka.properties().get(MAX_POLL_INTERVAL));
        if (set == null || !set.reveal().strip().matches("\\d{1,10}")) {
            return null; // not set, or reported
        }
        Duration left = Duration.ofMillis(Long.parseLong(set.reveal().strip())).minus(KafkaSettings.REBALANCE_RESERVE);
        return left.isNegative() ? Duration.ZERO : left;
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

    /** The limit. In the original program, 0 means no limit. */
    private static int orMost(int limit, int most) {
        return limit == 0 ? most : limit;
    }

    private static @Nullable Path path(@Nullable String name) {
        return name == null || name.isEmpty() ? null : Path.of(name);
    }
}
