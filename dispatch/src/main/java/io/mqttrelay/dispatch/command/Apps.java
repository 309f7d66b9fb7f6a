package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.cli.UsageException;
import io.mqttrelay.common.config.RelayConfig;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.text.Printable;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selects the apps of a configuration for a command. */
final class Apps {
    private Apps() {}

    /** The named app, or else all; enabled or not. */
    static Collection<String> of(RelayConfig config, @Nullable String appId, String command) throws UsageException {
        Set<String> apps = new LinkedHashSet<>();
        config.routes().stream().map(Route::appId).forEach(apps::add);
        if (appId == null) {
            return apps;
        }
        if (!apps.contains(appId)) {
            throw new UsageException(command + ": --app-id: the configuration has no app " + Printable.cut(appId)
                    + ", only " + Printable.escape(String.join(", ", apps)));
        }
        return List.of(appId);
    }
}
