package io.mqttrelay.dispatch.sink;

/** One attempt. */
public interface SinkCall {
    /**
     * Sends the request and waits for its answer, as long as the route's timeout allows. Called once, by the thread that
     * waits.
     *
     * @return what the attempt saw; never throws for anything that the address or the network does
     */
    SinkResult execute();

    /** Ends {@link #execute()} early, from any thread; before it, at once. */
    void cancel();
}
