package io.mqttrelay.common.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of {@code whsk_} secrets: the vectors of RFC 8032, section 7.1, and secrets that hold no key. */
class Ed25519KeyTest {
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private static String secret(byte[] bytes) {
        return "whsk_" + Base64.getEncoder().encodeToString(bytes);
    }

    private static String secret(String hex) {
        return secret(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        SEED + ", " + PUBLIC + ", '', e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + " 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + " fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
                + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void theVectorsOfTheStandardHold(String seed, String publicKey, String text, String expected) {
        byte[] bytes = HexFormat.of().parseHex(text);
        assertThat(HexFormat.of().formatHex(Ed25519Key.of(secret(seed)).sign(bytes)))
                .isEqualTo(expected);
        assertThat(HexFormat.of()
                        .formatHex(Ed25519Key.of(secret(seed + publicKey)).sign(bytes)))
                .isEqualTo(expected);
    }

    @Test
    void partsAreSignedAsOneText() {
        Ed25519Key key = Ed25519Key.of(secret(SEED));
        assertThat(key.sign(new byte[] {1, 2}, new byte[] {}, new byte[] {3}))
                .isEqualTo(key.sign(new byte[] {1, 2, 3}));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 63, 65, 96})
    void otherLengthsAreRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ed25519Key.of(secret(new byte[length])))
                .withMessage("must hold 64 bytes (seed and public key) or 32 (seed) after whsk_, holds " + length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsk_%%%", "whsk_AAAA A", "whsk_ü"})
    void otherTextsAreRefusedWithoutShowingThem(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ed25519Key.of(secret))
                .withMessage("must have Base64 after whsk_");
    }

    @Test
    void thePublicKeyOfAnotherSeedIsRefused() {
        byte[] pair = HexFormat.of().parseHex(SEED + PUBLIC);
        for (int i = 32; i < pair.length; i++) {
            byte[] other = pair.clone();
            other[i] ^= 1;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Ed25519Key.of(secret(other)))
                    .withMessage("its public key, the last 32 of the 64 bytes, is not of its seed");
        }
        byte[] noPoint = pair.clone();
        Arrays.fill(noPoint, 32, 64, (byte) 0xFF);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ed25519Key.of(secret(noPoint)))
                .withMessageContaining("is not of its seed");
    }
}
