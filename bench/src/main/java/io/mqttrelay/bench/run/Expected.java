package io.mqttrelay.bench.run;

import java.util.ArrayList;
import java.util.List;

/** The deliveries that a contender must have made, at any speed. */
record Expected(long messages, boolean ordered) {
    /** The problems in one line; empty: every message was delivered once, and in order if that is guaranteed. */
    String problems(CallbackStats.Account account) {
        List<String> problems = new ArrayList<>();
        if (account.delivered() < messages) {
            problems.add(messages - account.delivered() + " not delivered in time");
        }
        if (account.duplicates() > 0) {
            problems.add(account.duplicates() + " delivered again");
        }
        if (ordered && account.disorders() > 0) {
            problems.add(account.disorders() + " out of order");
        }
        return String.join(", ", problems);
    }
}
