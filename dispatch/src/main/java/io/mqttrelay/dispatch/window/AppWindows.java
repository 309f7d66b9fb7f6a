package io.mqttrelay.dispatch.window;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One app at this dispatcher: its addresses, and its unroutable records, which go to no address. Addresses that the
 * configuration no longer has are kept, since cursors of them may be left. Consumer thread.
 */
public final class AppWindows {
    private final String appId;
    private final Memory memory;
    private final Map<Long, AddressWindow> known = new HashMap<>();
    private final AddressWindow unroutable;
    private List<AddressWindow> addresses = List.of();
    private List<AddressWindow> all = List.of();

    /** @param apps number of apps that share the memory */
    public AppWindows(ConsumedApp app, Memory memory, int apps) {
        this.appId = app.appId();
        this.memory = memory;
        this.unroutable = new AddressWindow(ConsumedAddress.unroutable(appId), memory.part(1), memory.partOfLanes(1));
        become(app, apps);
    }

    /** Replaces the app's addresses; known addresses keep whether they are served. */
    public void become(ConsumedApp app, int apps) {
        long sharers = (long) apps * (app.addresses().size() + 1);
        List<AddressWindow> windows = new ArrayList<>();
        for (ConsumedAddress address : app.addresses()) {
            AddressWindow window = known.computeIfAbsent(
                    address.key(),
                    unused -> new AddressWindow(address, memory.part(sharers), memory.partOfLanes(sharers)));
            window.named(address);
            windows.add(window);
        }
        addresses = List.copyOf(windows);
        windows.add(unroutable);
        all = List.copyOf(windows);
        for (AddressWindow window : all) {
            window.memory().sharers(sharers);
            window.lanes().sharers(sharers);
        }
    }

    public String appId() {
        return appId;
    }

    /** Whether an address, or the unroutable records, use all the memory that they may. */
    public boolean isAnyFull() {
        return all.stream().anyMatch(window -> window.memory().isFull());
    }

    public List<AddressWindow> addresses() {
        return addresses;
    }

    /** The window of the records that go to no address. It has memory and progress like an address, and no lanes. */
    public AddressWindow unroutable() {
        return unroutable;
    }

    /** The addresses, and the window of unroutable records. */
    public List<AddressWindow> all() {
        return all;
    }
}
