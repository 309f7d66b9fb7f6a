package io.mqttrelay.dispatch.replay;

/** One run of {@code relay replay}. One thread. */
interface ReplayRun {
    /** Told, once, when it is known what will be sent, and before anything is. */
    interface Prepared {
        void toSend(ReplayReport report) throws KafkaFailure, InterruptedException;
    }

    /** Counts what would be sent. */
    void preview(ReplayReport report) throws KafkaFailure, InterruptedException;

    /** Sends. Where it ends before its time, the report says how far it has come. */
    void run(ReplayReport report, Prepared prepared) throws KafkaFailure, InterruptedException;
}
