package io.mqttrelay.dispatch.replay;

import org.jspecify.annotations.Nullable;

/** Where {@code relay replay} takes from what it sends again. */
enum ReplaySource {
    DEAD_LETTERS("dead-letters"),
    MESSAGES("messages");

    private final String text;

    ReplaySource(String text) {
        this.text = text;
    }

    /** As it is typed. */
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
