package io.mqttrelay.dispatch.replay;

/** One run of {@code relay replay}. One thread. */
interface ReplayRun {
    /** Called once, when the plan is known, and before anything is sent. */
    interface Prepared {
        void toSend(ReplayReport report) throws KafkaFailure, InterruptedException;
    }

    /** Counts the deliveries that would be sent. */
    void preview(ReplayReport report) throws KafkaFailure, InterruptedException;

    /** Sends the deliveries. If it ends early, the report has the progress. */
    void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException;
}
