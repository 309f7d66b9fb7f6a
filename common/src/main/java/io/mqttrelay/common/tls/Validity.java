package io.mqttrelay.common.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the validity period of certificates. */
public final class Validity {
    private Validity() {}

    /** One line about the first certificate that is expired or not valid yet; null: all are valid. */
    public static @Nullable String problem(List<X509Certificate> certificates, Instant now) {
        for (X509Certificate certificate : certificates) {
            String name = "the certificate of " + certificate.getSubjectX500Principal();
            Instant end = certificate.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                return name + " expired at " + end + ": connections that need it fail";
            }
            Instant begin = certificate.getNotBefore().toInstant();
            if (now.isBefore(begin)) {
                return name + " is not valid before " + begin + ": connections that need it fail until then";
            }
        }
        return null;
    }
}
