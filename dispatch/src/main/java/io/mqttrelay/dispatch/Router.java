package io.mqttrelay.dispatch;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.record.DeadReason;
import io.mqttrelay.common.record.Decoded;
import io.mqttrelay.common.record.RecordCodec;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.Replay;
import io.mqttrelay.dispatch.Targets.RouteTargets;
import io.mqttrelay.dispatch.deliver.Target;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Decides which addresses a record goes to. Immutable. */
final class Router {
    /** The possible decisions for a record: one method is called, once. */
    interface Cases {
        void deliver(RelayMessage message, Collection<Target> to);

        /** A replay: live deliveries go first. */
        void deliverAgain(RelayMessage message, Target to);

        void exclude(RelayMessage message, Collection<Target> from);

        /** No address gets the record; {@code address} is null if none is known. */
        void dead(DeadReason reason, @Nullable Address address, String error);
    }

    private final RecordCodec codec;
    private final Targets targets;

    Router(RecordCodec codec, Targets targets) {
        this.codec = codec;
        this.targets = targets;
    }

    /** @param appId the app of the record's topic */
    void route(ConsumerRecord<byte[], byte[]> record, String appId, Cases cases) {
        codec.decode(record).match(new Decoded.Cases<Boolean>() {
            @Override
            public Boolean message(Decoded.Message decoded) {
                if (decoded.message().appId().equals(appId)) {
                    toItsRoute(decoded.message(), decoded.replay(), cases);
                } else {
                    String error = "the record is of another app than its topic";
                    cases.dead(DeadReason.UNDECODABLE, null, error);
                }
                return true;
            }

            @Override
            public Boolean undecodable(Decoded.Undecodable undecodable) {
                cases.dead(DeadReason.UNDECODABLE, null, undecodable.problem());
                return false;
            }
        });
    }

    private void toItsRoute(RelayMessage message, @Nullable Replay replay, Cases cases) {
        RouteTargets route = targets.of(message.appId(), message.clientId());
        if (route == null) {
            Address address = replay == null ? null : Targets.unknown(replay.address());
            cases.dead(DeadReason.NO_ROUTE, address, "the configuration has no route " + message.clientId());
        } else if (replay != null) {
            again(message, route, replay, cases);
        } else if (route.excludes().match(message.topic()).isPresent()) {
            cases.exclude(message, route.targets());
        } else {
            cases.deliver(message, route.targets());
        }
    }

    /** Delivers a replay to its one address. Excludes do not apply: an operator has asked for it. */
    private static void again(RelayMessage message, RouteTargets route, Replay replay, Cases cases) {
        Target target = route.target(replay.address());
        if (target != null) {
            cases.deliverAgain(message, target);
        } else {
            String error = "route " + message.clientId() + " no longer has this address";
            cases.dead(DeadReason.NO_ROUTE, Targets.unknown(replay.address()), error);
        }
    }
}
