package io.mqttrelay.testkit.guarantee;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks that each raw delivery has the published payload, byte for byte, and the published topic. */
public final class Bytes {
    private Bytes() {}

    public static Verdict check(Collection<Sent> sent, Collection<Delivery> deliveries) {
        Map<String, Sent> byId = new HashMap<>();
        sent.forEach(message -> byId.put(message.id(), message));
        List<String> offences = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            Sent message = byId.get(delivery.id());
            if (message == null) {
                offences.add(delivery.id() + " at " + delivery.address() + " was never sent");
            } else if (!message.sha256().equals(delivery.sha256())) {
                offences.add(delivery.id() + " at " + delivery.address() + " has other bytes");
            } else if (!message.topic().equals(delivery.topic())) {
                offences.add(delivery.id() + " at " + delivery.address() + " came as " + delivery.topic() + ", not "
                        + message.topic());
            }
        }
        return new Verdict("bytes", deliveries.size() + " bodies compared with " + sent.size() + " payloads", offences);
    }
}
