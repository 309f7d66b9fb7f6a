/** Health, readiness and metrics over HTTP, and the place where other pages and APIs hang themselves in. */
@NullMarked
package io.mqttrelay.common.admin;

import org.jspecify.annotations.NullMarked;
