package io.mqttrelay.ingest.mqtt;

import io.mqttrelay.common.config.Route;

/** The client id that a route connects with. */
public final class ClientIds {
    private ClientIds() {}

    /**
     * The route's name; with the instance behind it where several ingests share a subscription.
     *
     * @param instance differs between the ingests that run at the same time
     */
    public static String of(Route route, String instance) {
        return route.broker().sharedGroup() == null ? route.name() : route.name() + "-" + instance;
    }
}
