package io.mqttrelay.dispatch.consume;

import java.util.List;

/** An app whose topics are consumed. */
public record ConsumedApp(String appId, List<ConsumedAddress> addresses) {
    public ConsumedApp {
        addresses = List.copyOf(addresses);
    }
}
