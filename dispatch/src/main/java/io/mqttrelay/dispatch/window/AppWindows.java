package io.mqttrelay.dispatch.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One app at this dispatcher: its addresses, and the one for records that match no address. Addresses that the
 * configuration no longer has are kept, since cursors of them may be left. Consumer thread.
 */
public final class AppWindows {
    private final String appId;
    private final Memory memory;
    private final Map<Long, AddressWindow> known = new HashMap<>();
    private List<AddressWindow> addresses = List.of();

    /** @param apps number of apps that share the memory */
    public AppWindows(ConsumedApp app, Memory memory, int apps) {
        this.appId = app.appId();
        this.memory = memory;
        become(app, apps);
    }

    /** Replaces the app's addresses; known addresses keep whether they are served. */
    public void become(ConsumedApp app, int apps) {
        List<ConsumedAddress> all = new ArrayList<>(app.addresses());
        all.add(new ConsumedAddress(AddressKey.NOBODY, "app " + appId + ": records for nobody", "", true));
        long sharers = (long) apps * all.size();
        List<AddressWindow> windows = new ArrayList<>();
        for (ConsumedAddress address : all) {
            AddressWindow window = known.computeIfAbsent(
                    address.key(),
                    unused -> new AddressWindow(address, memory.part(sharers), memory.partOfLanes(sharers)));
            window.memory().sharers(sharers);
            window.lanes().sharers(sharers);
            windows.add(window);
        }
        addresses = List.copyOf(windows);
    }

    public String appId() {
        return appId;
    }

    /** Whether an address uses all the memory that it may. */
    public boolean isAnyFull() {
        return addresses.stream().anyMatch(window -> window.memory().isFull());
    }

    /** The app's addresses; the last has {@link AddressKey#NOBODY}. */
    public List<AddressWindow> addresses() {
        return addresses;
    }
}
