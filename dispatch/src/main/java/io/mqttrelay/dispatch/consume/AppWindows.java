package io.mqttrelay.dispatch.consume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One app at this dispatcher: its addresses, and the one for records that go to nobody. Those that the configuration does
 * not have any more are remembered, since cursors of theirs may be left.
 */
final class AppWindows {
    private final String appId;
    private final Memory memory;
    private final Map<Long, AddressWindow> known = new HashMap<>();
    private List<AddressWindow> addresses = List.of();

    /** @param apps so many apps share the memory */
    AppWindows(ConsumedApp app, Memory memory, int apps) {
        this.appId = app.appId();
        this.memory = memory;
        become(app, apps);
    }

    /** The app's addresses are these from now on; whether those that it had before are served stays as it is. */
    void become(ConsumedApp app, int apps) {
        List<ConsumedAddress> all = new ArrayList<>(app.addresses());
        all.add(new ConsumedAddress(AddressKey.NOBODY, "app " + appId + ": records for nobody", "", true));
        long sharers = (long) apps * all.size();
        List<AddressWindow> windows = new ArrayList<>();
        for (ConsumedAddress address : all) {
            AddressWindow window =
                    known.computeIfAbsent(address.key(), unused -> new AddressWindow(address, memory.part(sharers)));
            window.memory().sharers(sharers);
            windows.add(window);
        }
        addresses = List.copyOf(windows);
    }

    String appId() {
        return appId;
    }

    /** With {@link AddressKey#NOBODY}, the last. */
    List<AddressWindow> addresses() {
        return addresses;
    }
}
