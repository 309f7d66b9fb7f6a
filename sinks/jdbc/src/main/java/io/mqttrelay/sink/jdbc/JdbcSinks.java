package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.JdbcTarget;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.sql.Driver;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/** Makes the sinks of all databases, and owns their pools: one for each target. Any thread. */
final class JdbcSinks implements SinkFactory {
    private final SinkContext context;
    private final ScheduledExecutorService timer;
    private final Map<JdbcTarget, JdbcPool> pools = new HashMap<>(); // guarded by this

    JdbcSinks(SinkContext context) {
        this.context = context;
        this.timer = context.executors().timer("dispatch-jdbc");
    }

    @Override
    public synchronized Sink sink(Destination destination) {
        JdbcAddress address;
        try {
            address = JdbcAddress.of(destination);
        } catch (JdbcAddress.UnusableException e) {
            throw new UnusableAddressException(destination.display() + ": " + e.getMessage());
        }
        for (DatabaseUrl.Host host : address.url().hosts()) {
            String denied = context.egress().whyDeniedByName(host.name());
            if (denied != null) {
                throw new UnusableAddressException(destination.display() + ": " + denied);
            }
        }
        closeUnused(address.target());
        JdbcPool pool = pools.computeIfAbsent(address.target(), target -> open(address));
        return new JdbcSink(
                pool,
                pool.share(),
                address.statement(),
                destination.calls().timeout(),
                new OldSessions(),
                address.hidden(),
                timer);
    }

    /** Pools of targets that a reload has changed or removed. */
    private void closeUnused(JdbcTarget wanted) {
        pools.entrySet().removeIf(entry -> {
            boolean isUnused =
                    !entry.getKey().equals(wanted) && entry.getValue().isUnused();
            if (isUnused) {
                entry.getValue().close();
            }
            return isUnused;
        });
    }

    private JdbcPool open(JdbcAddress address) {
        Connector connector =
                new Connector(driver(address), address.url(), address.properties(), context.egress(), timer);
        return new JdbcPool(address.target().name(), address.target().poolSize(), connector);
    }

    private static Driver driver(JdbcAddress address) {
        try {
            return Class.forName(address.url().dialect().driver())
                    .asSubclass(Driver.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new UnusableAddressException(
                    "the driver of " + address.url().dialect().scheme() + " cannot be loaded", e);
        }
    }

    @Override
    public synchronized void close() {
        pools.values().forEach(JdbcPool::close);
        timer.shutdownNow();
    }
}
