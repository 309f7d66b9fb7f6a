package io.mqttrelay.bench.run;

import java.util.ArrayList;
import java.util.List;

/** What a contender must have done with so many messages, whatever its speed. */
record Expected(long messages, boolean ordered) {
    /** One line; empty: everything came once, and in order if that was promised. */
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
