package io.mqttrelay.sink.grpc;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import java.time.Duration;
import java.util.List;

/**
 * The sink of one gRPC address.
 *
 * @param display the address without its secrets
 * @param timeout of a whole call
 */
record GrpcSink(String display, GrpcChannel channel, GrpcForm form, GrpcStatusTable statuses, Duration timeout)
        implements Sink {
    @Override
    public SinkCall call(List<RelayMessage> messages, int attempt) {
        return new GrpcCall(this, messages, attempt);
    }

    @Override
    public long batchBytes(RelayMessage message) {
        return form.batchBytes(message);
    }
}
