/** Tests of the sink against gRPC servers in this process, and in processes of their own. */
@NullMarked
package io.mqttrelay.sink.grpc;

import org.jspecify.annotations.NullMarked;
