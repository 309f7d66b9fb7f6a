package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The sink of one address of a database.
 *
 * @param share of the pool's connections
 * @param timeout of a whole call, and of each statement at the server
 * @param hidden removes the target's secrets from texts of driver and server
 * @param timer cuts the connections of calls that take too long
 */
record JdbcSink(
        JdbcPool pool,
        ConnectionShares.Share share,
        DatabaseStatement statement,
        Duration timeout,
        OldSessions oldSessions,
        HiddenSecrets hidden,
        ScheduledExecutorService timer)
        implements Sink {
    @Override
    public SinkCall call(List<RelayMessage> messages, int attempt) {
        return new JdbcCall(this, messages);
    }
}
