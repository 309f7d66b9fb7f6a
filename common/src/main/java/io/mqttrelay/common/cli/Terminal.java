package io.mqttrelay.common.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How wide the terminals are that a command writes to. Java cannot ask, so the launcher says.
 *
 * @param outColumns of stdout; 0: it is none
 * @param errColumns of stderr; 0: it is none
 */
public record Terminal(int outColumns, int errColumns) {
    /** What the launcher has found out about this process. */
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
