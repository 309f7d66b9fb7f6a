package io.mqttrelay.common.config.read;

import io.mqttrelay.common.config.read.destination.DestinationSection;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.IntegerType;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.topic.ExcludeRule;
import io.mqttrelay.common.topic.TopicFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of {@code sub_deal_config}. */
final class RouteSection {
    static final Key<String> APP_ID =
            Key.required("app_id", TextType.nonEmpty("string"), "any non-empty string; several routes may share one");
    static final Key<String> APP_NAME = Key.derived("app_name", TextType.any("string"), "app_id", "for people");
    static final Key<String> CALLBACK_METHOD = Key.withDefault(
            "callbackMethod",
            new ChoiceType<>(methods(), Map.of(), Set.of()),
            "HTTP",
            "\"HTTP\"",
            "any case; the address's scheme decides, a contradiction is a warning");
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
    static final Key<Ordering> ORDERING = Key.withDefault(
            "ordering",
            ChoiceType.of(Ordering.class),
            Ordering.TOPIC,
            "\"topic\"",
            "`topic`: one MQTT topic's messages arrive in order at each address; `app`: all of the app's do; `none`: no"
                    + " order, most parallel");
    static final Section SECTION = new Section(
            "sub_deal_config",
            "One app's subscription (\"route\"). A key that [an address](#callbackaddress) may have too counts for each"
                    + " address that does not say otherwise, where the address's scheme knows it.",
            keys());

    /** Topic prefixes of EMQX that change how it delivers. Messages arrive without the prefix. */
    private static final List<String> BROKERS_OWN = List.of("$queue/", "$exclusive/");

    private RouteSection() {}

    private static List<Key<?>> keys() {
        List<Key<?>> keys = new ArrayList<>(List.of(
                APP_ID,
                APP_NAME,
                CALLBACK_METHOD,
                DestinationSection.CALLBACK_ADDRESS,
                SUB_TOPIC,
                EXCLUDE_TOPICS,
                ORDERING));
        keys.addAll(DestinationSection.SHARED);
        return keys;
    }

    private static Map<String, String> methods() {
        Map<String, String> methods = new LinkedHashMap<>();
        for (String method : List.of("HTTP", "HTTPS", "GRPC", "KAFKA", "MQTT", "JDBC")) {
            methods.put(method, method);
        }
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
