package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.value.Ed25519Key;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import java.util.Base64;

/**
 * Keys of Standard Webhooks signatures: {@code whsec_} and the Base64 of 24 to 64 bytes for HMAC, {@code whsk_} and the
 * Base64 of 32 or 64 bytes for ed25519.
 */
final class SigningSecrets {
    private static final String HMAC_PREFIX = "whsec_";
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;
    private static final int MAX_SECRETS = 4;

    static final ListType<Secret> TYPE = ListType.of(
            TextType.secret(
                    "`whsec_<base64 of 24..64 bytes>` or `whsk_<base64 of an ed25519 key>`",
                    (text, value) -> secret(text)),
            0,
            MAX_SECRETS);

    private SigningSecrets() {}

    private static Secret secret(String text) throws WrongException {
        if (text.startsWith(Ed25519Key.PREFIX)) {
            checkEd25519(text);
        } else if (text.startsWith(HMAC_PREFIX)) {
            checkHmac(text.substring(HMAC_PREFIX.length()));
        } else {
            throw new WrongException(
                    "must be whsec_ and the Base64 of 24..64 random bytes, or whsk_ and the Base64 of an"
                            + " ed25519 key");
        }
        return new Secret(text);
    }

    private static void checkEd25519(String text) throws WrongException {
        try {
            var unused = Ed25519Key.of(text);
        } catch (IllegalArgumentException e) {
            throw new WrongException(String.valueOf(e.getMessage()));
        }
    }

    private static void checkHmac(String base64) throws WrongException {
        int bytes = decodedLength(base64);
        if (bytes < MIN_BYTES || bytes > MAX_BYTES) {
            throw new WrongException("must hold 24..64 bytes after whsec_, holds " + bytes);
        }
    }

    private static int decodedLength(String base64) throws WrongException {
        try {
            return Base64.getDecoder().decode(base64).length;
        } catch (IllegalArgumentException e) {
            throw new WrongException("what follows whsec_ must be Base64");
        }
    }
}
