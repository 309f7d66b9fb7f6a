package io.mqttrelay.dispatch.deadletter;

/** Takes the progress of a long read or replay. Called on the thread that reads. */
public interface ProgressListener {
    /** Ignores the progress. */
    ProgressListener NONE = new ProgressListener() {
        @Override
        public void at(String activity, long done, long total) {}

        @Override
        public void end() {}
    };

    /** Reports the records that an activity has done, and the number of all. */
    void at(String activity, long done, long total);

    /** Reports the end of an activity. */
    void end();
}
