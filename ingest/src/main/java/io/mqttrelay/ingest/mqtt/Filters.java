package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.topic.TopicFilter;
import io.mqttrelay.ingest.mqtt.wire.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A route's topic filters: as they are sent to the broker, and as they are compared with topics. */
public final class Filters {
    private static final int REFUSED = 0x80;
    private static final String SHARED = "$share/";

    private final List<TopicFilter> matched;

    /** Of this route. */
    public Filters(Route route) {
        this.matched =
                route.subscriptions().stream().map(s -> plain(s.filter())).toList();
    }

    /** Whether the route still wants a message of this topic: a kept session may know filters that were removed. */
    public boolean match(String topic) {
        for (TopicFilter filter : matched) {
            if (filter.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** The filter within a shared subscription ({@code $share/group/filter}). */
    private static TopicFilter plain(TopicFilter filter) {
        String text = filter.toString();
        if (!text.startsWith(SHARED)) {
            return filter;
        }
        int slash = text.indexOf('/', SHARED.length());
        return slash < 0 || slash == text.length() - 1 ? filter : TopicFilter.parse(text.substring(slash + 1));
    }

    static List<Link.Filter> toSubscribe(Route route) {
        String group = route.broker().sharedGroup();
        String prefix = group == null ? "" : SHARED + group + "/";
        return route.subscriptions().stream()
                .map(s -> new Link.Filter(prefix + s.filter(), s.qos()))
                .toList();
    }

    /** The filters that the broker refused. */
    static List<Link.Filter> refused(List<Link.Filter> asked, List<Integer> codes) {
        List<Link.Filter> refused = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (i >= codes.size() || codes.get(i) >= REFUSED) {
                refused.add(asked.get(i));
            }
        }
        return refused;
    }

    /** The filters that the broker refused to unsubscribe, with one line for each. */
    static Map<String, String> kept(List<String> asked, List<Integer> codes) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            int code = i < codes.size() ? codes.get(i) : REFUSED;
            if (code >= REFUSED) {
                kept.put(
                        asked.get(i),
                        "the broker refused to unsubscribe from " + asked.get(i)
                                + String.format(" (0x%02X): may this user do that?", code));
            }
        }
        return kept;
    }

    /** The filters that the broker refused or granted with a lower QoS, with a line for each. */
    static Map<Link.Filter, String> denied(List<Link.Filter> asked, List<Integer> codes) {
        Map<Link.Filter, String> denied = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            Link.Filter filter = asked.get(i);
            int code = i < codes.size() ? codes.get(i) : REFUSED;
            if (code >= REFUSED) {
                denied.put(
                        filter,
                        "the broker refused the subscription to " + filter.text()
                                + String.format(" (0x%02X): may this user read it?", code));
            } else if (code < filter.qos()) {
                denied.put(
                        filter, "the broker granted " + filter.text() + " QoS " + code + " only, not " + filter.qos());
            }
        }
        return denied;
    }
}
