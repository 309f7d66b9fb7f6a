package io.mqttrelay.sink.grpc;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.http.Redaction;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Makes the sinks of gRPC addresses, each with a channel of its own, and one timer for all. Any thread. */
final class GrpcSinks implements SinkFactory {
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Of all channels together, when the process stops. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    /** A channel; closed when no sink refers to it any more. */
    private record Used(GrpcChannel channel, WeakReference<Sink> user) {}

    private final SinkContext context;
    private final ScheduledExecutorService timer;
    private final List<Used> channels = new ArrayList<>(); // guarded by this

    /** The library logs a line for each failed attempt. Kept, because the JDK forgets the level of an unused logger. */
    private final Logger library = Logger.getLogger("io.grpc");

    GrpcSinks(SinkContext context) {
        this.context = context;
        library.setLevel(Level.SEVERE);
        timer = context.executors().timer("dispatch-grpc");
        var unused = timer.scheduleWithFixedDelay(
                this::closeUnused, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized Sink sink(Destination destination) {
        Duration timeout = destination.calls().timeout();
        GrpcForm form = GrpcForm.of(destination, context.clock());
        GrpcStatusTable statuses = new GrpcStatusTable(timeout, Redaction.of(destination));
        GrpcChannel channel = new GrpcChannel(destination, form.method(), context, timer);
        Sink sink = new GrpcSink(destination.display(), channel, form, statuses, timeout);
        channels.add(new Used(channel, new WeakReference<>(sink)));
        return sink;
    }

    private synchronized void closeUnused() {
        for (Iterator<Used> each = channels.iterator(); each.hasNext(); ) {
            Used used = each.next();
            if (used.user().get() == null) {
                used.channel().close();
                each.remove();
            }
        }
    }

    /** Ends the calls in flight, closes the connections, and waits for their threads for a second at most. */
    @Override
    public synchronized void close() {
        channels.forEach(used -> used.channel().close());
        long end = System.nanoTime() + LONGEST_CLOSE.toNanos();
        for (Used used : channels) {
            used.channel().awaitEnd(end - System.nanoTime());
        }
        channels.clear();
        timer.shutdownNow();
    }
}
