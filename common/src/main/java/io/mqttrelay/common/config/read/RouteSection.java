package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.MessageFormat;
import io.mqttrelay.common.config.Ordering;
import io.mqttrelay.common.config.Secret;
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
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of {@code sub_deal_config}. */
final class RouteSection {
    static final Key<String> APP_ID =
            Key.required("app_id", TextType.nonEmpty("string"), "any non-empty string; several routes may share one");
    static final Key<String> APP_NAME = Key.derived("app_name", TextType.any("string"), "app_id", "for people");
    static final Key<Boolean> ENABLED = Key.withDefault(
            "enabled",
            new BooleanType(),
            true,
            "true",
            "`false`: ingest takes nothing for it (and unsubscribes from a kept session); dispatch leaves its backlog in"
                    + " Kafka");
    static final Key<String> CALLBACK_METHOD = Key.withDefault(
            "callbackMethod",
            new ChoiceType<>(methods(), Map.of(), Set.of()).withLater("GRPC", "JDBC", "KAFKA"),
            "HTTP",
            "\"HTTP\"",
            "any case; the address's scheme decides");
    static final Key<List<CallbackType.Callback>> CALLBACK_ADDRESS = Key.required(
                    "callbackAddress",
                    ListType.oneOrMore(new CallbackType()),
                    "every address gets every message; a repeated address counts once. A user name and password in a URL"
                            + " are sent as an `Authorization` header (Basic)")
            .alsoKnownAs("callbaccallbackAddress");

    static final Key<TopicFilter> TOPIC = Key.required(
            "topic", TextType.of("MQTT topic filter", (text, value) -> filter(text)), "`+` and `#` as in MQTT");
    static final Key<Integer> QOS = Key.withDefault("qos", new IntegerType(0, 2), 1, "1", "");
    static final Section SUB_TOPIC_SECTION = new Section("subTopic", "A topic filter.", List.of(TOPIC, QOS));
    static final Key<List<Fields>> SUB_TOPIC = Key.required(
            "subTopic",
            ListType.oneOrMore(new SectionType(SUB_TOPIC_SECTION)),
            "filters of one route must not overlap");

    static final Key<List<ExcludeRule>> EXCLUDE_TOPICS = Key.optional(
            "excludeTopics",
            ListType.of(TextType.of("string", (text, value) -> exclude(text)), 0, 10_000),
            "a message whose topic matches is not delivered. An entry is an MQTT filter (`+`, `#`, MQTT's rules,"
                    + " `$`-topics included); one that ends in `/` excludes everything below it, not the level itself; one"
                    + " that starts with `regex:` is an RE2 expression searched in the topic");
    static final Key<Integer> RETRY = Key.withDefault(
            "retry",
            new IntegerType(0, 1_000_000),
            5,
            "5",
            "retries after the first attempt (5 is at most 6 attempts that count)");

    static final Key<Duration> INITIAL = Key.withDefault(
            "initial", DurationType.between("1ms", "1h"), Duration.ofSeconds(1), "\"1s\"", "before the first retry");
    static final Key<Double> MULTIPLIER = Key.withDefault(
            "multiplier", new DecimalType(1, 100), 2.0, "2", "each wait is this many times the one before");
    static final Key<Duration> MAX = Key.withDefault(
            "max",
            DurationType.between("1ms", "1d"),
            Duration.ofSeconds(60),
            "\"60s\"",
            "no wait is longer; at least `initial`");
    static final Key<Double> JITTER = Key.withDefault(
            "jitter", new DecimalType(0, 1), 0.2, "0.2", "the share of a wait by which it varies up and down");
    static final Section BACKOFF_SECTION =
            new Section("retry_backoff", "The wait between attempts.", List.of(INITIAL, MULTIPLIER, MAX, JITTER));
    static final Key<Fields> RETRY_BACKOFF = Key.derived(
            "retry_backoff",
            new SectionType(BACKOFF_SECTION),
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
    static final Key<Ordering> ORDERING = Key.withDefault(
            "ordering",
            ChoiceType.of(Ordering.class),
            Ordering.TOPIC,
            "\"topic\"",
            "`topic`: one MQTT topic's messages arrive in order at each address; `app`: all of the app's do; `none`: no"
                    + " order, most parallel");
    static final Key<MessageFormat> MESSAGE_FORMAT = Key.withDefault(
            "message_format",
            ChoiceType.of(MessageFormat.class),
            MessageFormat.RAW,
            "\"raw\"",
            "`raw`: the payload as it is; `envelope`: a JSON object of `header` and `body`; `cloudevents`: the"
                    + " payload as it is, and CloudEvents 1.0 headers (HTTP binding, binary mode)");
    static final Key<Map<String, Secret>> HEADERS = Key.optional("headers", Headers.TYPE, "static request headers");
    static final Key<List<Secret>> SIGNING_SECRETS = Key.optional(
            "signing_secrets", SigningSecrets.TYPE, "Standard Webhooks signatures, one per secret; the newest first");
    static final Key<Integer> MAX_IN_FLIGHT = Key.withDefault(
            "max_in_flight", new IntegerType(1, 100_000), 128, "128", "concurrent calls per address and dispatcher");
    static final Key<Switch<Double>> RATE_LIMIT = Key.optional(
            "rate_limit",
            new SwitchableType<>(new DecimalType(1, 1_000_000)),
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
    static final Key<List<Integer>> REJECT_ON = Key.withDefault(
            "reject_on",
            ListType.of(new IntegerType(300, 599), 0, 300),
            List.of(400, 406, 413, 414, 415, 422, 431),
            "[400, 406, 413, 414, 415, 422, 431]",
            "statuses that condemn the message at once");
    static final Key<Fields> TLS =
            Key.derived("tls", new SectionType(Tls.CALLBACK), "the JVM's trust store", "for https addresses");

    static final Section SECTION = new Section(
            "sub_deal_config",
            "One app's subscription (\"route\"). What it says of `headers`, `signing_secrets` and `tls` counts for each of"
                    + " its addresses that does not say otherwise.",
            List.of(
                    APP_ID,
                    APP_NAME,
                    ENABLED,
                    CALLBACK_METHOD,
                    CALLBACK_ADDRESS,
                    SUB_TOPIC,
                    EXCLUDE_TOPICS,
                    RETRY,
                    RETRY_BACKOFF,
                    HOLD_FOR,
                    TIMEOUT,
                    ORDERING,
                    MESSAGE_FORMAT,
                    HEADERS,
                    SIGNING_SECRETS,
                    MAX_IN_FLIGHT,
                    RATE_LIMIT,
                    BATCH,
                    CIRCUIT_BREAKER,
                    REJECT_ON,
                    TLS));

    /** Topic prefixes of EMQX that change how it delivers. Messages arrive without the prefix. */
    private static final List<String> BROKERS_OWN = List.of("$queue/", "$exclusive/");

    private RouteSection() {}

    private static Map<String, String> methods() {
        Map<String, String> methods = new LinkedHashMap<>();
        methods.put("HTTP", "HTTP");
        methods.put("HTTPS", "HTTPS");
        return methods;
    }

    private static TopicFilter filter(String text) throws WrongException {
        if (text.startsWith("$share/")) {
            throw new WrongException("must be the filter alone; for a shared subscription use shared_group");
        }
        for (String prefix : BROKERS_OWN) {
            if (text.startsWith(prefix)) {
                throw new WrongException("must be the filter alone, without " + prefix
                        + ": for a subscription that several ingests share use shared_group");
            }
        }
        try {
            return TopicFilter.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongException(
                    "is not an MQTT topic filter", ": " + Printable.escape(String.valueOf(e.getMessage())));
        }
    }

    private static ExcludeRule exclude(String text) throws WrongException {
        try {
            return ExcludeRule.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongException("is not an exclude rule", ": " + Printable.escape(String.valueOf(e.getMessage())));
        }
    }
}
