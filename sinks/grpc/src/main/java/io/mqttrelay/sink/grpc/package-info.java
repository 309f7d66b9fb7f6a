/**
 * Messages to gRPC services: addresses {@code grpc://HOST:PORT} and {@code grpcs://HOST:PORT}, service {@code
 * mqttrelay.v1.Receiver} of {@code relay.proto}. {@link io.mqttrelay.sink.grpc.GrpcForm} makes a request, {@link
 * io.mqttrelay.sink.grpc.GrpcCall} sends it over the {@link io.mqttrelay.sink.grpc.GrpcChannel} of its address, and
 * {@link io.mqttrelay.sink.grpc.GrpcStatusTable} classifies the answer. A call waits on the thread of the relay. Each
 * channel has threads of its own for its connection, and one timer is shared.
 */
@NullMarked
package io.mqttrelay.sink.grpc;

import org.jspecify.annotations.NullMarked;
