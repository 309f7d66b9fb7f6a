package io.mqttrelay.dispatch.sink;

/** One attempt. */
public interface SinkCall {
    /**
     * Sends the request and waits for its answer, as long as the route's timeout allows. Called once, by the thread
     * that waits.
     *
     * @return the result of the attempt; throws no exception for failures of the address or the network
     */
    SinkResult execute();

    /** Ends {@link #execute()} early, from any thread; if called before it, at once. */
    void cancel();
}
