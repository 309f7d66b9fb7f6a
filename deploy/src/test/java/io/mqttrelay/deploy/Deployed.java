package io.mqttrelay.deploy;

import java.util.Map;
import java.util.Set;

/**
 * One service as a deployment starts it.
 *
 * @param name for people
 * @param environment what is set for it
 * @param files where it sees its configuration and its secrets
 */
record Deployed(String name, Map<String, String> environment, Set<String> files) {
    @Override
    public String toString() {
        return name;
    }
}
