package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.read.value.Tls;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.BooleanType;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.DecimalType;
import io.mqttrelay.common.settings.DurationType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.SwitchableType;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The keys of an address, and those that a route has for all of its addresses. */
public final class DestinationSection {
    public static final Key<Boolean> ENABLED = Key.withDefault(
            "enabled",
            new BooleanType(),
            true,
            "true",
            "`false`: ingest takes nothing for it (and unsubscribes from a kept session); dispatch leaves its backlog in"
                    + " Kafka");
    static final Key<String> WHEN = Key.optional(
            "when",
            new ExpressionType(),
            "a JSONata expression; a message for which it is false is not delivered, and counts as excluded");
    static final Key<Integer> RETRY = Key.withDefault(
            "retry",
            new IntegerType(0, 1_000_000),
            5,
            "5",
            "retries after the first attempt (5 is at most 6 attempts that count)");
    static final Key<Fields> RETRY_BACKOFF = Key.derived(
            "retry_backoff",
            new SectionType(RetryBackoffSection.SECTION),
            "{\"initial\": \"1s\", \"multiplier\": 2, \"max\": \"60s\", \"jitter\": 0.2}",
            "wait between attempts");
    static final Key<Duration> HOLD_FOR = Key.withDefault(
            "hold_for",
            DurationType.between("0s", "365d"),
            Duration.ofDays(1),
            "\"24h\"",
            "how long one message may hold up its address while no other message can be tried in its place; then its"
                    + " failures count. `0s`: every failure counts, also those of an address that is down");
    static final Key<Duration> TIMEOUT = Key.withDefault(
            "timeout",
            DurationType.between("1ms", "1h"),
            Duration.ofSeconds(10),
            "\"10s\"",
            "whole call, from connect to the last byte of the answer");
    static final Key<MessageFormat> MESSAGE_FORMAT = Key.withDefault(
            "message_format",
            new ChoiceType<>(formats(), Map.of(), Set.of()),
            MessageFormat.RAW,
            "\"raw\"",
            "`raw`: the payload as it is; `envelope`: a JSON object of `header` and `body`; `cloudevents`: the"
                    + " payload as it is, and CloudEvents 1.0 headers (HTTP binding, binary mode);"
                    + " `cloudevents-structured`: a CloudEvents 1.0 JSON object; `template`: as `template` says (the"
                    + " default where there is one)");
    static final Key<Fields> TEMPLATE = Key.optional(
            "template", new SectionType(TemplateSection.SECTION), "the request as expressions over the message");
    static final Key<Map<String, Secret>> HEADERS = Key.optional("headers", Headers.TYPE, "static request headers");
    static final Key<List<Secret>> SIGNING_SECRETS = Key.optional(
            "signing_secrets", SigningSecrets.TYPE, "Standard Webhooks signatures, one per secret; the newest first");
    static final Key<Fields> OAUTH2 =
            Key.optional("oauth2", new SectionType(OAuth2Section.SECTION), "OAuth2 client credentials");
    static final Key<Integer> MAX_IN_FLIGHT = Key.withDefault(
            "max_in_flight", new IntegerType(1, 100_000), 128, "128", "concurrent calls per address and dispatcher");
    static final Key<Switch<Double>> RATE_LIMIT = Key.optional(
            "rate_limit",
            new SwitchableType<>(DecimalType.between("0.001", 1_000_000)),
            "calls per second per address and dispatcher, spread evenly; probes and retries are calls too");
    static final Key<Switch<Fields>> BATCH = Key.optional(
            "batch",
            new SwitchableType<>(new SectionType(BatchSection.SECTION)),
            "several messages in one request; `{}`: with its defaults");
    static final Key<Switch<Fields>> CIRCUIT_BREAKER = Key.derived(
            "circuit_breaker",
            new SwitchableType<>(new SectionType(CircuitBreakerSection.SECTION)),
            "{\"failure_rate\": 50, \"min_calls\": 20, \"open_for\": \"15s\"}",
            "attempts stop, and are not counted, while an address keeps failing");
    static final Key<List<Integer>> ACCEPT_ON = Key.withDefault(
            "accept_on",
            ListType.of(new IntegerType(300, 599), 0, 300),
            List.of(),
            "[]",
            "statuses beside 2xx that mean delivered");
    static final Key<List<Integer>> REJECT_ON = Key.withDefault(
            "reject_on",
            ListType.of(new IntegerType(300, 599), 0, 300),
            List.of(400, 406, 413, 414, 415, 422, 431),
            "[400, 406, 413, 414, 415, 422, 431]",
            "statuses that condemn the message at once. By default without those of `accept_on`");
    static final Key<Fields> TLS =
            Key.derived("tls", new SectionType(Tls.CALLBACK), "the JVM's trust store", "for https and grpcs addresses");

    static final Key<URI> URL =
            Key.required("url", CallbackUrl.TYPE, "where the messages go; the scheme names the kind of target");
    static final Key<String> ID = Key.derived(
            "id",
            NameType.ID,
            "`url` without user info, its query as a digest",
            "identifies the address in stored progress, dead letters and `--address`. Two addresses with one URL need"
                    + " different ids. Keep the id when the URL changes, and its backlog goes to the new URL");
    static final Key<String> NAME =
            Key.optional("name", NameType.NAME, "for people: in metrics, logs and commands instead of scheme and host");
    static final Key<String> STATEMENT = Key.optional(
            "statement", ExpressionType.sql(), "of `jdbc` addresses, required there: SQL with named parameters");
    static final Key<Fields> REPLY = Key.optional(
            "reply",
            new SectionType(ReplySection.SECTION),
            "the accepted answer is published to the message's response topic; at most one address of a route has it");

    /** The keys that both an address and its route may have, in the order of the reference page. */
    public static final List<Key<?>> SHARED = List.of(
            ENABLED,
            WHEN,
            RETRY,
            RETRY_BACKOFF,
            HOLD_FOR,
            TIMEOUT,
            MESSAGE_FORMAT,
            TEMPLATE,
            HEADERS,
            SIGNING_SECRETS,
            OAUTH2,
            MAX_IN_FLIGHT,
            RATE_LIMIT,
            BATCH,
            CIRCUIT_BREAKER,
            ACCEPT_ON,
            REJECT_ON,
            TLS);

    static final Section SECTION = new Section(
            "callbackAddress",
            "One address, where it needs settings of its own; otherwise the URL alone will do. A setting of the address"
                    + " replaces the route's as a whole.",
            keys());

    public static final Key<List<CallbackType.Callback>> CALLBACK_ADDRESS = Key.required(
                    "callbackAddress",
                    ListType.oneOrMore(new CallbackType(new SectionType(SECTION))),
                    "every address gets every message; a repeated address without settings counts once. A user name and"
                            + " password in a URL are sent as an `Authorization` header (Basic)")
            .alsoKnownAs("callbaccallbackAddress");

    private DestinationSection() {}

    private static Map<String, MessageFormat> formats() {
        Map<String, MessageFormat> formats = new LinkedHashMap<>();
        for (MessageFormat format : MessageFormat.values()) {
            formats.put(format.name().toLowerCase(Locale.ROOT).replace('_', '-'), format);
        }
        return formats;
    }

    private static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(List.of(URL, ID, NAME));
        for (Key<?> shared : SHARED) {
            keys.add(shared.inherited("the route's", meaning(shared)));
        }
        keys.add(STATEMENT);
        keys.add(REPLY);
        return keys;
    }

    private static String meaning(Key<?> key) {
        if (key.equals(HEADERS)) {
            return "added to the route's, or instead of those of the same name";
        }
        return key.equals(ENABLED) ? "`false`: its backlog waits in Kafka, other addresses go on" : "";
    }
}
