package io.mqttrelay.dispatch.consume;

import java.util.ArrayList;
import java.util.List;

/** One app at this dispatcher: its addresses, and the one for records that go to nobody. */
final class AppWindows {
    private final String appId;
    private final List<AddressWindow> addresses = new ArrayList<>();

    /** @param apps so many apps share the memory */
    AppWindows(ConsumedApp app, Memory memory, int apps) {
        this.appId = app.appId();
        List<ConsumedAddress> all = new ArrayList<>(app.addresses());
        all.add(new ConsumedAddress(AddressKey.NOBODY, "app " + appId + ": records for nobody", "", true));
        for (ConsumedAddress address : all) {
            addresses.add(new AddressWindow(address, memory.part((long) apps * all.size())));
        }
    }

    String appId() {
        return appId;
    }

    /** With {@link AddressKey#NOBODY}, the last. */
    List<AddressWindow> addresses() {
        return addresses;
    }
}
