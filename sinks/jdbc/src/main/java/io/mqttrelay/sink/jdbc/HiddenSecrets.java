package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.text.Printable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Removes the secrets of one target from texts of its driver and its server, which may quote a URL or a password.
 * Immutable.
 */
final class HiddenSecrets {
    private static final int MAX = 300;

    /** A shorter value would be found in many words by chance. */
    private static final int SHORTEST = 4;

    private final List<String> secrets;

    /** @param secrets in clear text */
    HiddenSecrets(Collection<String> secrets) {
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The text in one line for people. */
    String oneLine(String text) {
        String shown = text.replaceAll("jdbc:\\S+", "the database");
        for (String secret : secrets) {
            shown = shown.replace(secret, "***");
        }
        return Printable.oneLine(shown, MAX);
    }
}
