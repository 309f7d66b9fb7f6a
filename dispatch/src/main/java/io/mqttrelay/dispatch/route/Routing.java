package io.mqttrelay.dispatch.route;

import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.deliver.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The destinations of one record, as {@link Router} finds them. */
public sealed interface Routing {
    /**
     * The message is delivered.
     *
     * @param isReplay whether an operator has asked for the delivery: live deliveries go first
     */
    record Deliver(RelayMessage message, List<Target> to, boolean isReplay) implements Routing {}

    /** An exclude rule of the route matches the message's topic. */
    record Excluded(RelayMessage message, List<Target> from) implements Routing {}

    /**
     * The record goes to no address, and becomes a dead letter.
     *
     * @param address that the record names and the configuration does not have; null: the record names none
     */
    record Unroutable(DeadReason reason, @Nullable AddressName address, String error) implements Routing {}
}
