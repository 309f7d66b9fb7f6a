package io.mqttrelay.common.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The widths of the terminals that a command writes to. Java cannot read them, so the launcher passes them on.
 *
 * @param outColumns of stdout; 0: not a terminal
 * @param errColumns of stderr; 0: not a terminal
 */
public record Terminal(int outColumns, int errColumns) {
    /** The widths that the launcher has passed to this process. */
    public static Terminal ofThisProcess() {
        return of(System::getProperty);
    }

    static Terminal of(Function<String, @Nullable String> properties) {
        return new Terminal(
                columns(properties.apply("relay.columns.out")), columns(properties.apply("relay.columns.err")));
    }

    private static int columns(@Nullable String text) {
        try {
            return text == null ? 0 : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
