/** What every command shares: exit codes, the --config option, usage errors, the version. */
@NullMarked
package io.mqttrelay.common.cli;

import org.jspecify.annotations.NullMarked;
