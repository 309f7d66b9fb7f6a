package io.mqttrelay.dispatch.consume;

import java.util.ArrayList;
import java.util.List;

/** Apps of which a test needs the addresses only. */
final class TestApps {
    private TestApps() {}

    /** With addresses of these keys. */
    static ConsumedApp app(String appId, long... keys) {
        List<ConsumedAddress> addresses = new ArrayList<>();
        for (long key : keys) {
            addresses.add(new ConsumedAddress(key, "app " + appId + ": callback " + key, "http://" + key, true));
        }
        return new ConsumedApp(appId, addresses);
    }

    /** Alone at its dispatcher, with more memory than it can use. */
    static AppWindows windows(ConsumedApp app) {
        return new AppWindows(app, new Memory(Long.MAX_VALUE / 4), 1);
    }

    /** The group's consumer reads a record that goes to one address. */
    static Receipt read(Assignment assignment, long offset, int bytes, long key) {
        assignment.readUpTo(offset + 1);
        Receipt receipt = new Reading(assignment, null, offset, 0, bytes).take(key);
        if (receipt == null) {
            throw new IllegalStateException("not in step: " + key);
        }
        return receipt;
    }
}
