/** Health, readiness and metrics over HTTP, and the server to which other pages and APIs are added. */
@NullMarked
package io.mqttrelay.common.admin;

import org.jspecify.annotations.NullMarked;
