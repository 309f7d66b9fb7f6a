/**
 * Real databases for tests: PostgreSQL and MariaDB in processes of their own, in temporary folders, on free ports.
 */
@NullMarked
package io.mqttrelay.testkit.database;

import org.jspecify.annotations.NullMarked;
