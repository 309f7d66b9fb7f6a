@NullMarked
package io.mqttrelay.sink.jdbc;

import org.jspecify.annotations.NullMarked;
