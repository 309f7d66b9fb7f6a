package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Ed25519Key;
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
 * Standard Webhooks 1.0.0 signatures, one per secret, over the body's bytes as they are sent: HMAC-SHA256 for a secret
 * {@code whsec_}, ed25519 for a secret {@code whsk_}.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
public final class Signatures {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String SECRET_PREFIX = "whsec_";

    private final List<Signer> signers;

    private Signatures(List<Signer> signers) {
        this.signers = signers;
    }

    /** Makes the signatures of one secret. Any thread. */
    private interface Signer {
        /** The beginning of a signature: its version and a comma. */
        String scheme();

        byte[] sign(byte[] head, byte[] body);
    }

    /** @param key never updated: copied for each signature, which is cheaper than a new key and needs no lock */
    private record Hmac(Mac key) implements Signer {
        @Override
        public String scheme() {
            return "v1,";
        }

        @Override
        public byte[] sign(byte[] head, byte[] body) {
            Mac mac = copy(key);
            mac.update(head);
            return mac.doFinal(body);
        }
    }

    private record Ed25519(Ed25519Key key) implements Signer {
        @Override
        public String scheme() {
            return "v1a,";
        }

        @Override
        public byte[] sign(byte[] head, byte[] body) {
            return key.sign(head, body);
        }
    }

    /**
     * The signatures of a destination, in the order of its secrets.
     *
     * @throws UnusableAddressException if a secret is neither {@code whsec_} nor {@code whsk_} with a usable key
     */
    public static Signatures of(Destination destination) {
        List<Signer> signers = new ArrayList<>();
        for (Secret secret : destination.request().signingSecrets()) {
            String text = secret.reveal();
            try {
                signers.add(text.startsWith(Ed25519Key.PREFIX) ? new Ed25519(Ed25519Key.of(text)) : hmac(text));
            } catch (IllegalArgumentException e) {
                throw new UnusableAddressException(
                        destination.display() + ": signing secret " + (signers.size() + 1) + " " + e.getMessage());
            }
        }
        return new Signatures(List.copyOf(signers));
    }

    private static Signer hmac(String secret) {
        byte[] key = secret.startsWith(SECRET_PREFIX) ? decoded(secret.substring(SECRET_PREFIX.length())) : new byte[0];
        if (key.length == 0) {
            throw new IllegalArgumentException("is not whsec_ and base64");
        }
        return new Hmac(mac(key));
    }

    /** Empty: unusable. */
    private static byte[] decoded(String base64) {
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
    public boolean any() {
        return !signers.isEmpty();
    }

    /** Number of signatures in a request. */
    public int count() {
        return signers.size();
    }

    /** The value of {@code webhook-signature}, in the order of the secrets. */
    public String sign(String id, String timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        StringBuilder signatures = new StringBuilder();
        for (Signer signer : signers) {
            signatures
                    .append(signatures.isEmpty() ? "" : " ")
                    .append(signer.scheme())
                    .append(Base64.getEncoder().encodeToString(signer.sign(head, body)));
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
