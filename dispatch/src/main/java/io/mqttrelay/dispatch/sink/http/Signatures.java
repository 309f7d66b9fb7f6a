package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Standard Webhooks 1.0.0 signatures, one per secret, over the body's bytes as they are sent.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
final class Signatures {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SECRET_PREFIX = "whsec_";
    private static final String SCHEME = "v1,";

    /** Keyed and never updated: copied for each signature, which is cheaper than a new key and needs no lock. */
    private final List<Mac> keyed;

    private Signatures(List<Mac> keyed) {
        this.keyed = keyed;
    }

    /** @throws UnusableAddressException if a secret is not {@code whsec_} and base64 */
    static Signatures of(Destination destination) {
        List<Mac> keyed = new ArrayList<>();
        for (Secret secret : destination.request().signingSecrets()) {
            byte[] key = key(secret);
            if (key.length == 0) {
                throw new UnusableAddressException(
                        destination.display() + ": signing secret " + (keyed.size() + 1) + " is not whsec_ and base64");
            }
            keyed.add(mac(key));
        }
        return new Signatures(List.copyOf(keyed));
    }

    /** Empty: unusable. */
    private static byte[] key(Secret secret) {
        String text = secret.reveal();
        String base64 = text.startsWith(SECRET_PREFIX) ? text.substring(SECRET_PREFIX.length()) : "";
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** False: the address has no secrets, requests go unsigned. */
    boolean any() {
        return !keyed.isEmpty();
    }

    /** Number of signatures in a request. */
    int count() {
        return keyed.size();
    }

    /** The value of {@code webhook-signature}, in the order of the secrets. */
    String sign(String id, String timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        StringBuilder signatures = new StringBuilder();
        for (Mac key : keyed) {
            Mac mac = copy(key);
            mac.update(head);
            signatures
                    .append(signatures.isEmpty() ? "" : " ")
                    .append(SCHEME)
                    .append(Base64.getEncoder().encodeToString(mac.doFinal(body)));
        }
        return signatures.toString();
    }

    private static Mac copy(Mac key) {
        try {
            return (Mac) key.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this platform's " + ALGORITHM + " cannot be copied", e);
        }
    }
}
