package io.mqttrelay.faults;

/** The share of prompt deliveries to an address from now on, by the dispatcher's own meter. */
final class Promptness {
    /** From MQTT to the callback's answer, on a busy machine. */
    private static final String SECONDS = "2.5";

    private final RelayService dispatch;
    private final String port;
    private final String app;
    private final double prompt;
    private final double all;

    private Promptness(RelayService dispatch, String port, String app) {
        this.dispatch = dispatch;
        this.port = port;
        this.app = app;
        this.prompt = prompt();
        this.all = all();
    }

    /** For the addresses with this port. */
    static Promptness of(RelayService dispatch, String app, int port) {
        return new Promptness(dispatch, ":" + port, "app_id=\"" + app + "\"");
    }

    /** The prompt share of the messages since then. */
    double since() {
        return (prompt() - prompt) / (all() - all);
    }

    private double prompt() {
        return dispatch.meter("relay_dispatch_end_to_end_seconds_bucket", port, app, "le=\"" + SECONDS + "\"");
    }

    private double all() {
        return dispatch.meter("relay_dispatch_end_to_end_seconds_count", port, app);
    }
}
