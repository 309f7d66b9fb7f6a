package io.mqttrelay.common.config.change;

import io.mqttrelay.common.config.RelayConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings that a running process does not change: it keeps the values of its start. */
final class FixedSettings {
    private static final Map<String, Function<RelayConfig, @Nullable Object>> ALL = all();

    private FixedSettings() {}

    private static Map<String, Function<RelayConfig, @Nullable Object>> all() {
        Map<String, Function<RelayConfig, @Nullable Object>> all = new LinkedHashMap<>();
        all.put("kafka.bootstrap_servers", config -> config.kafka().bootstrapServers());
        all.put("kafka.topic_prefix", config -> config.kafka().topicPrefix());
        all.put("kafka.partitions", config -> config.kafka().partitions());
        all.put("kafka.replication_factor", config -> config.kafka().replicationFactor());
        all.put("kafka.retention", config -> config.kafka().retention());
        all.put("kafka.dead_letter_retention", config -> config.kafka().deadLetterRetention());
        all.put("kafka.properties", config -> config.kafka().properties());
        all.put("kafka.producer", config -> config.kafka().producer());
        all.put("kafka.consumer", config -> config.kafka().consumer());
        all.put("ingest.max_unacked", config -> config.ingest().maxUnacked());
        all.put("ingest.max_message", config -> config.ingest().maxMessage());
        all.put("dispatch.group_id", config -> config.dispatch().groupId());
        all.put("dispatch.max_in_flight", config -> config.dispatch().maxInFlight());
        all.put("dispatch.max_buffered", config -> config.dispatch().maxBuffered());
        all.put("dispatch.rebalance_wait", config -> config.dispatch().rebalanceWait());
        all.put("egress.mode", config -> config.egress().mode());
        all.put("egress.allow", config -> config.egress().allow());
        all.put("egress.deny", config -> config.egress().deny());
        all.put("shutdown_grace", RelayConfig::shutdownGrace);
        all.put("admin.host", config -> config.admin().host());
        all.put("admin.ingest_port", config -> config.admin().ingestPort());
        all.put("admin.dispatch_port", config -> config.admin().dispatchPort());
        all.put("admin.token", config -> config.admin().token());
        all.put("log_config.level", config -> config.log().level());
        all.put("log_config.filename", config -> config.log().filename());
        all.put("log_config.maxsize", config -> config.log().maxSizeMb());
        all.put("log_config.max_age", config -> config.log().maxAgeDays());
        all.put("log_config.max_backups", config -> config.log().maxBackups());
        all.put("log_config.format", config -> config.log().format());
        return Collections.unmodifiableMap(all);
    }

    /** The names of these settings, such as {@code kafka.partitions}. */
    static Set<String> names() {
        return ALL.keySet();
    }

    /** The names of the settings that differ between two configurations. */
    static List<String> differing(RelayConfig from, RelayConfig to) {
        return ALL.entrySet().stream()
                .filter(setting -> !Objects.equals(
                        setting.getValue().apply(from), setting.getValue().apply(to)))
                .map(Map.Entry::getKey)
                .toList();
    }
}
