/** Which network addresses callbacks may lead to: pure rules, no sockets, no threads; {@code dispatch.sink.http} holds to them. */
@NullMarked
package io.mqttrelay.common.egress;

import org.jspecify.annotations.NullMarked;
