package io.mqttrelay.dispatch.deadletter;

import java.util.Locale;

/** Why a selected entry is not sent again. */
public enum Skip {
    TOO_LARGE("only the first 64 KB of it were kept"),
    UNDECODABLE("it is not a record that ingest writes, so nobody knows whom it is for"),
    NO_ROUTE("the configuration has no route that received it"),
    NO_ADDRESS("its route no longer has this address"),
    DISABLED("its route is switched off (enabled: false)"),
    EXCLUDED("excludeTopics keeps it from delivery"),
    DOES_NOT_FIT("the replay topic takes no record of its size: raise that topic's max.message.bytes");

    private final String because;

    Skip(String because) {
        this.because = because;
    }

    /** For people. */
    public String because() {
        return because;
    }

    /** For programs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
