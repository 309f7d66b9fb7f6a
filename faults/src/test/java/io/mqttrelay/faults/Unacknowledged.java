package io.mqttrelay.faults;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the messages that a Mosquitto had sent to a client and got no acknowledgement for when their connection ended,
 * by its own log.
 */
final class Unacknowledged {
    private Unacknowledged() {}

    /** The count over all connections of the client except the open one: as many messages are sent again. */
    static int in(String log, String clientId) {
        Pattern connected = Pattern.compile("New client connected from \\S+ as " + Pattern.quote(clientId) + " ");
        Pattern sent = Pattern.compile("Sending PUBLISH to " + Pattern.quote(clientId) + " \\(d\\d, q1, r\\d, m(\\d+)");
        Pattern acknowledged = Pattern.compile("Received PUBACK from " + Pattern.quote(clientId) + " \\(Mid: (\\d+)");
        Set<String> open = new HashSet<>();
        int sum = 0;
        for (String line : log.lines().toList()) {
            if (connected.matcher(line).find()) {
                sum += open.size();
                open.clear();
            }
            Matcher out = sent.matcher(line);
            if (out.find()) {
                open.add(out.group(1));
            }
            Matcher in = acknowledged.matcher(line);
            if (in.find()) {
                open.remove(in.group(1));
            }
        }
        return sum;
    }
}
