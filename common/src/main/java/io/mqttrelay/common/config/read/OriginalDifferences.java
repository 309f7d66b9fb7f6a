package io.mqttrelay.common.config.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.mqttrelay.common.settings.JsonPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the settings of a file of the original program that have another meaning here. A file with a broker or route
 * key that the original does not know was written for mqtt-relay: for such a file the list is empty.
 */
final class OriginalDifferences {
    private static final Set<String> OF_BROKERS =
            Set.of("client_id", "username", "password", "alive", "broker_ip", "broker_port", "sub_deal_config");
    private static final Set<String> OF_ROUTES = Set.of(
            "app_name",
            "app_id",
            "enabled",
            "callbackmethod",
            "callbackaddress",
            "callbaccallbackaddress",
            "subtopic",
            "excludetopics",
            "retry");

    /** The messages, the most costly difference first. */
    private enum Difference {
        QOS_0(
                "0 is best effort: a message that is on its way when a process ends, or that Kafka does not take, is lost;"
                        + " set 1 to keep every message"),
        SESSION("the MQTT broker keeps a session for this client id and queues messages of QoS 1 and 2 for 7 days while"
                + " ingest is away (session_expiry); with the original running beside it, give each its own client_id"),
        SHARED_CLIENT("each of several entries connects for itself, as <client_id>-<app_id>"),
        DISABLED("false: ingest unsubscribes, and messages that Kafka has for the app wait there"),
        RETRY(
                "counts attempts of the address that failed, with longer and longer waits; an address that is down uses up"
                        + " none. Afterwards the message is a dead letter and not lost. 400, 406, 413, 414, 415, 422 and 431 are"
                        + " not tried again (reject_on)"),
        ADDRESSES("each address gets every message by itself and waits for no other"),
        EXCLUDES("an entry without / at its end is an MQTT filter, and one that begins with regex: an RE2 expression"),
        LOG_FILE("each service has a file of its own (.ingest and .dispatch before the extension), and stderr gets the"
                + " log, too"),
        LOG_LIMIT("0 means 100 MB");

        private final String text;

        Difference(String text) {
            this.text = text;
        }
    }

    private static final int SHOWN = 3;

    private final Map<Difference, List<JsonPath>> found = new LinkedHashMap<>();

    private OriginalDifferences() {}

    /** The differences, one line each, QoS 0 first: one or several paths, and the meaning here. */
    static List<String> of(JsonNode root) {
        OriginalDifferences differences = new OriginalDifferences();
        return differences.isOriginal(root) ? differences.lines() : List.of();
    }

    private List<String> lines() {
        List<Difference> order = new ArrayList<>(found.keySet());
        order.sort(Comparator.naturalOrder());
        List<String> lines = new ArrayList<>();
        for (Difference each : order) {
            List<JsonPath> paths = found.getOrDefault(each, List.of());
            List<String> shown =
                    paths.stream().limit(SHOWN).map(JsonPath::toString).toList();
            String more = paths.size() > SHOWN ? " and " + (paths.size() - SHOWN) + " more" : "";
            lines.add(String.join(", ", shown) + more + ": " + each.text);
        }
        return lines;
    }

    private boolean isOriginal(JsonNode root) {
        JsonPath path = JsonPath.ROOT;
        JsonNode brokers = field(root, "mqtt_brokers");
        if (brokers == null || !brokers.isArray()) {
            return false;
        }
        for (int i = 0; i < brokers.size(); i++) {
            if (!isOriginalBroker(brokers.get(i), path.key("mqtt_brokers").index(i))) {
                return false;
            }
        }
        JsonNode log = field(root, "log_config");
        JsonPath logPath = path.key("log_config");
        JsonNode file = log == null ? null : field(log, "filename");
        if (file != null && !file.asText().isEmpty()) {
            add(Difference.LOG_FILE, logPath.key("filename"));
        }
        JsonNode size = log == null ? null : field(log, "maxsize");
        if (size != null && size.asInt(1) == 0) {
            add(Difference.LOG_LIMIT, logPath.key("maxsize"));
        }
        return true;
    }

    private boolean isOriginalBroker(JsonNode broker, JsonPath path) {
        JsonNode routes = field(broker, "sub_deal_config");
        if (!hasOnly(broker, OF_BROKERS) || routes == null) {
            return false;
        }
        add(Difference.SESSION, path.key("client_id"));
        JsonPath below = path.key("sub_deal_config");
        if (!routes.isArray()) {
            return isOriginalRoute(routes, below);
        }
        if (routes.size() > 1) {
            add(Difference.SHARED_CLIENT, below);
        }
        for (int i = 0; i < routes.size(); i++) {
            if (!isOriginalRoute(routes.get(i), below.index(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isOriginalRoute(JsonNode route, JsonPath path) {
        JsonNode topic = field(route, "subtopic");
        if (!hasOnly(route, OF_ROUTES) || topic == null || !topic.isObject()) {
            return false;
        }
        JsonNode qos = field(topic, "qos");
        if (qos != null && qos.asInt(1) == 0) {
            add(Difference.QOS_0, path.key("subTopic").key("qos"));
        }
        JsonNode enabled = field(route, "enabled");
        if (enabled != null && !enabled.asBoolean(true)) {
            add(Difference.DISABLED, path.key("enabled"));
        }
        if (field(route, "retry") != null) {
            add(Difference.RETRY, path.key("retry"));
        }
        JsonNode addresses = field(route, "callbackaddress");
        if (addresses != null && addresses.size() > 1) {
            add(Difference.ADDRESSES, path.key("callbackAddress"));
        }
        JsonNode excludes = field(route, "excludetopics");
        for (int i = 0; excludes != null && i < excludes.size(); i++) {
            if (!excludes.get(i).asText().endsWith("/")) {
                add(Difference.EXCLUDES, path.key("excludeTopics").index(i));
            }
        }
        return true;
    }

    private void add(Difference difference, JsonPath path) {
        found.computeIfAbsent(difference, each -> new ArrayList<>()).add(path);
    }

    private static boolean hasOnly(JsonNode object, Set<String> known) {
        return object.isObject()
                && object.properties().stream()
                        .allMatch(entry -> known.contains(entry.getKey().toLowerCase(Locale.ROOT)));
    }

    private static @Nullable JsonNode field(JsonNode object, String name) {
        return object.properties().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(null);
    }
}
