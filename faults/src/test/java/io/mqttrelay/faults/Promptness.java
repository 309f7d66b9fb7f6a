package io.mqttrelay.faults;

/** How promptly an address gets its messages from now on, as the dispatcher itself measures it. */
final class Promptness {
    /** From MQTT to the callback's answer, on a machine that is busy with all else. */
    private static final String SECONDS = "2.5";

    private final RelayService dispatch;
    private final String labels;
    private final double prompt;
    private final double all;

    private Promptness(RelayService dispatch, String labels) {
        this.dispatch = dispatch;
        this.labels = labels;
        this.prompt = prompt();
        this.all = all();
    }

    /** Of the addresses that have this port. */
    static Promptness of(RelayService dispatch, String app, int port) {
        return new Promptness(dispatch, ":" + port + "\",app_id=\"" + app + "\"");
    }

    /** The part of the messages since then that was prompt. */
    double since() {
        return (prompt() - prompt) / (all() - all);
    }

    private double prompt() {
        return dispatch.meter("relay_dispatch_end_to_end_seconds_bucket", labels + ",le=\"" + SECONDS + "\"");
    }

    private double all() {
        return dispatch.meter("relay_dispatch_end_to_end_seconds_count", labels);
    }
}
