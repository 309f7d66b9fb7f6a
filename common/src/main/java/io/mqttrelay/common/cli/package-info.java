/**
 * The parts shared by all commands: exit codes, the {@code --config} option, usage errors, the version. Also the
 * commands that belong to neither half: validate, version, help. Runs on the main thread.
 */
@NullMarked
package io.mqttrelay.common.cli;

import org.jspecify.annotations.NullMarked;
