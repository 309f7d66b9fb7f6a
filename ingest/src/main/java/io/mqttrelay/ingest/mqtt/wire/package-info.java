/**
 * One MQTT connection, from its CONNECT to its end: {@link io.mqttrelay.ingest.mqtt.wire.Link}. Only this package uses the
 * HiveMQ client. Before it: the broker. After it: the source in {@code ingest.mqtt}, which opens one Link after the other.
 *
 * <p>HiveMqLinks builds the client. WireHandler puts the relay's Netty handlers around the client's MQTT decoder, in the
 * order in which a packet passes them: PublishGate asks for memory before a message is read, WholePackets keeps malformed
 * packets from the decoder, PacketIds lets a message wait while its packet identifier is in use, PingAnswers keeps a
 * connection alive while its socket is not read.
 *
 * <p>Threads: the client's event loops ({@code ingest-mqtt-n}, EventLoops), which must never be blocked. Link is called on
 * {@code ingest-control}.
 */
@NullMarked
package io.mqttrelay.ingest.mqtt.wire;

import org.jspecify.annotations.NullMarked;
