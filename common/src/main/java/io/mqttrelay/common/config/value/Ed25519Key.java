package io.mqttrelay.common.config.value;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * The ed25519 key of a Standard Webhooks secret: {@code whsk_} and the Base64 of a seed of 32 bytes (RFC 8032), or of
 * the seed and its public key, 64 bytes. Makes signatures. Immutable, any thread.
 */
public final class Ed25519Key {
    /** The beginning of a secret with such a key. */
    public static final String PREFIX = "whsk_";

    private static final String ALGORITHM = "Ed25519";
    private static final int SEED = 32;
    private static final int PAIR = 64;

    private final PrivateKey key;

    private Ed25519Key(PrivateKey key) {
        this.key = key;
    }

    /**
     * Reads the key of a secret that begins with {@link #PREFIX}.
     *
     * @throws IllegalArgumentException if the secret has no usable key; the message tells why and shows nothing of it
     */
    public static Ed25519Key of(String secret) {
        byte[] bytes = decoded(secret.substring(PREFIX.length()));
        if (bytes.length != SEED && bytes.length != PAIR) {
            throw new IllegalArgumentException(
                    "must hold 64 bytes (seed and public key) or 32 (seed) after whsk_, holds " + bytes.length);
        }
        try {
            Ed25519Key key = new Ed25519Key(KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, Arrays.copyOf(bytes, SEED))));
            if (bytes.length == PAIR && !key.belongsTo(Arrays.copyOfRange(bytes, SEED, PAIR))) {
                throw new IllegalArgumentException("its public key, the last 32 of the 64 bytes, is not of its seed");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // the decoder's message quotes a character of the secret
            throw new IllegalArgumentException("must have Base64 after whsk_");
        }
    }

    /** Whether the public key verifies a signature of this key. */
    private boolean belongsTo(byte[] encoded) throws GeneralSecurityException {
        byte[] text = {1};
        Signature signature = Signature.getInstance(ALGORITHM);
        try {
            signature.initVerify(publicKey(encoded));
            signature.update(text);
            return signature.verify(sign(text));
        } catch (GeneralSecurityException e) {
            return false; // no point of the curve
        }
    }

    /** Decodes a point (RFC 8032, section 5.1.2): y in little-endian order, and the lowest bit of x as the highest bit. */
    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        byte[] y = new byte[encoded.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = encoded[encoded.length - 1 - i];
        }
        boolean odd = y[0] < 0;
        y[0] &= 0x7F;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
        return KeyFactory.getInstance(ALGORITHM)
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    /** Signs the parts as one text; the signature has 64 bytes. */
    public byte[] sign(byte[]... parts) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            for (byte[] part : parts) {
                signature.update(part);
            }
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of " + ALGORITHM + " cannot sign", e);
        }
    }
}
