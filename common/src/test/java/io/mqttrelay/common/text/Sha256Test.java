package io.mqttrelay.common.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {
    /** The first example of FIPS 180-4. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void allFormsAreOfTheSameDigest() {
        assertThat(Sha256.of("abc")).isEqualTo(OF_ABC);
        assertThat(Sha256.firstBytes("abc")).isEqualTo(0xba7816bf8f01cfeaL);
        assertThat(HexFormat.of().formatHex(Sha256.begin().digest("abc".getBytes(UTF_8))))
                .isEqualTo(OF_ABC);
    }
}
