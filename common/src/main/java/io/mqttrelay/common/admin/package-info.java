/** Health, readiness and metrics over HTTP. */
@NullMarked
package io.mqttrelay.common.admin;

import org.jspecify.annotations.NullMarked;
