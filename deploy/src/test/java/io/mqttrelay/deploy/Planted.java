package io.mqttrelay.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Secrets that are found wherever they turn up: no two are alike, and nothing else looks like them. */
final class Planted {
    private static final int KEY_BYTES = 32;

    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** A new secret; {@code what} names it in a failure. */
    String secret(String what) {
        return add(what, "pl4nt" + Long.toHexString(RandomGenerator.getDefault().nextLong()) + "ed");
    }

    /** A secret of the form of a signing key. */
    String signingSecret(String what) {
        byte[] key = new byte[KEY_BYTES];
        new Random().nextBytes(key);
        return "whsec_" + add(what, Base64.getEncoder().encodeToString(key));
    }

    /** A key file's content is a secret line by line. */
    void keyFile(String what, String pem) {
        pem.lines()
                .filter(line -> !line.startsWith("-----") && line.length() > 20)
                .forEach(line -> add(what + " " + secrets.size(), line));
    }

    /** A secret that the test did not choose. */
    String known(String what, String secret) {
        return add(what, secret);
    }

    private String add(String what, String secret) {
        secrets.put(what, secret);
        return secret;
    }

    int count() {
        return secrets.size();
    }

    /** That none of them is in a text: as it is, or in Base64 wherever it begins. */
    void assertNotIn(String where, String text) {
        secrets.forEach((what, secret) -> {
            assertThat(text.contains(secret))
                    .as(what + " in " + where + "\n" + around(text, secret))
                    .isFalse();
            for (int shift = 0; shift < 3; shift++) {
                String encoded = encoded(secret, shift);
                assertThat(text.contains(encoded))
                        .as(what + " as Base64 in " + where + "\n" + around(text, encoded))
                        .isFalse();
            }
        });
    }

    /** What Base64 makes of the secret's inner bytes where it begins so many bytes into a group of three. */
    private static String encoded(String secret, int shift) {
        String before = "x".repeat(shift);
        byte[] bytes = (before + secret).getBytes(StandardCharsets.UTF_8);
        String text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return text.substring(4, text.length() - 4);
    }

    private static String around(String text, String found) {
        int at = text.indexOf(found);
        return at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
    }
}
