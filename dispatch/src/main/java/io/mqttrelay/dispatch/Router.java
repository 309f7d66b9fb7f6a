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

/** Decides whom a record is for. Immutable. */
final class Router {
    /** What becomes of a record: one of these is called, once. */
    interface Cases {
        void deliver(RelayMessage message, Collection<Target> to);

        /** It was asked for again: what is live goes first. */
        void deliverAgain(RelayMessage message, Target to);

        void exclude(Collection<Target> from);

        /** Nobody gets it; {@code address} is null where none is known. */
        void dead(DeadReason reason, @Nullable Address address, String error);
    }

    private final RecordCodec codec;
    private final Targets targets;

    Router(RecordCodec codec, Targets targets) {
        this.codec = codec;
        this.targets = targets;
    }

    /** @param appId whose topic the record is of */
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
            cases.exclude(route.targets());
        } else {
            cases.deliver(message, route.targets());
        }
    }

    /** To the one address that it was asked for; excludes are about what nobody asked for. */
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
