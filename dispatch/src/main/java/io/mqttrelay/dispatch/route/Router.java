package io.mqttrelay.dispatch.route;

import io.mqttrelay.common.config.destination.AddressName;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.Replay;
import io.mqttrelay.dispatch.deliver.Target;
import io.mqttrelay.dispatch.route.Targets.RouteTargets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Maps a record to the addresses that get it. Immutable. */
public final class Router {
    private final RecordCodec codec;
    private final Targets targets;

    public Router(RecordCodec codec, Targets targets) {
        this.codec = codec;
        this.targets = targets;
    }

    /**
     * Finds the destinations of a record.
     *
     * @param appId the app of the record's topic
     */
    public Routing route(ConsumerRecord<byte[], byte[]> record, String appId) {
        Decoded decoded = codec.decode(record);
        if (decoded instanceof Decoded.Message of) {
            return of.message().appId().equals(appId)
                    ? ofMessage(of.message(), of.replay())
                    : undecodable("the record is of another app than its topic");
        }
        return undecodable(((Decoded.Undecodable) decoded).problem());
    }

    private Routing ofMessage(RelayMessage message, @Nullable Replay replay) {
        RouteTargets route = targets.of(message.appId(), message.clientId());
        if (route == null) {
            AddressName address = replay == null ? null : AddressName.ofUnknown(replay.address());
            return noRoute(address, "the configuration has no route " + message.clientId());
        }
        if (replay != null) {
            return ofReplay(message, route, replay);
        }
        return route.excludes().match(message.topic()).isPresent()
                ? new Routing.Excluded(message, route.targets())
                : new Routing.Deliver(message, route.targets(), false);
    }

    /** Maps a replay to its one address. Excludes do not apply: an operator has asked for it. */
    private static Routing ofReplay(RelayMessage message, RouteTargets route, Replay replay) {
        Target target = route.target(replay.address());
        return target == null
                ? noRoute(
                        AddressName.ofUnknown(replay.address()),
                        "route " + message.clientId() + " no longer has this address")
                : new Routing.Deliver(message, List.of(target), true);
    }

    private static Routing undecodable(String error) {
        return new Routing.Unroutable(DeadReason.UNDECODABLE, null, error);
    }

    private static Routing noRoute(@Nullable AddressName address, String error) {
        return new Routing.Unroutable(DeadReason.NO_ROUTE, address, error);
    }
}
