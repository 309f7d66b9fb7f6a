/** The connection between two processes: certificates, and a proxy that breaks connections on purpose. */
@NullMarked
package io.mqttrelay.testkit.net;

import org.jspecify.annotations.NullMarked;
