package io.mqttrelay.ingest.mqtt;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Remembers the session of one client id beyond the end of the process. Any thread; never blocks. */
public interface SessionMemory {
    /** Remembers nothing. */
    SessionMemory NONE = new SessionMemory() {
        @Override
        public void recall(Consumer<@Nullable String> answer) {
            answer.accept(null);
        }

        @Override
        public void remember(String addresses) {
            // not beyond this process
        }

        @Override
        public void forget() {
            // nothing
        }
    };

    /**
     * Answers once, later, on any thread: with the addresses of the brokers that kept the session when it was remembered;
     * null: none was.
     */
    void recall(Consumer<@Nullable String> answer);

    /** The brokers at these addresses keep the session from now on. */
    void remember(String addresses);

    /** No session is kept. */
    void forget();
}
