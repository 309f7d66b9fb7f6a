package io.mqttrelay.dispatch.replay;

import org.jspecify.annotations.Nullable;

/** The records that {@code relay replay} sends again. */
enum ReplaySource {
    DEAD_LETTERS("dead-letters"),
    MESSAGES("messages");

    private final String text;

    ReplaySource(String text) {
        this.text = text;
    }

    /** The text as it is typed. */
    String text() {
        return text;
    }

    /** Null: there is none of this name. */
    static @Nullable ReplaySource of(String typed) {
        for (ReplaySource each : values()) {
            if (each.text.equalsIgnoreCase(typed)) {
                return each;
            }
        }
        return null;
    }
}
