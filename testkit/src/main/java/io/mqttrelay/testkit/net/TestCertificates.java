package io.mqttrelay.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** A certificate authority of one test. It issues server and client certificates as PEM files and as TLS contexts. */
public final class TestCertificates {
    private final Path folder;
    private final HeldCertificate authority;

    /**
     * A certificate and its key.
     *
     * @param certFile PEM
     * @param keyFile PEM, PKCS #8, not encrypted
     */
    public record Identity(Path certFile, Path keyFile, HeldCertificate held) {}

    /** Creates the authority; its files and those of its certificates are in the folder. */
    public TestCertificates(Path folder) {
        this.folder = folder;
        this.authority = new HeldCertificate.Builder()
                .commonName("relay test authority")
                .certificateAuthority(0)
                .build();
        write(caFile(), authority.certificatePem());
    }

    /** The authority's certificate, PEM. */
    public Path caFile() {
        return folder.resolve("ca.pem");
    }

    /** Issues a certificate for a server with these names or addresses. */
    public Identity server(String name, String... subjectAlternativeNames) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder().commonName(name);
        for (String alternative : subjectAlternativeNames) {
            builder.addSubjectAlternativeName(alternative);
        }
        return issued(name, builder);
    }

    /** Issues a certificate for a server on loopback. */
    public Identity localServer() {
        return server("localhost", "localhost", "127.0.0.1");
    }

    /** Issues a certificate that expired an hour ago. */
    public Identity expiredServer() {
        long now = System.currentTimeMillis();
        return issued(
                "expired",
                new HeldCertificate.Builder()
                        .commonName("localhost")
                        .addSubjectAlternativeName("localhost")
                        .addSubjectAlternativeName("127.0.0.1")
                        .validityInterval(now - TimeUnit.DAYS.toMillis(2), now - TimeUnit.HOURS.toMillis(1)));
    }

    /** Issues a certificate for a client. */
    public Identity client(String name) {
        return issued("client-" + name, new HeldCertificate.Builder().commonName(name));
    }

    /** The context of a server with this certificate that accepts clients of this authority. */
    public SSLContext context(Identity identity) {
        return new HandshakeCertificates.Builder()
                .heldCertificate(identity.held())
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslContext();
    }

    private Identity issued(String name, HeldCertificate.Builder builder) {
        HeldCertificate held = builder.signedBy(authority).build();
        Identity identity = new Identity(folder.resolve(name + ".pem"), folder.resolve(name + ".key"), held);
        write(identity.certFile(), held.certificatePem());
        write(identity.keyFile(), held.privateKeyPkcs8Pem());
        return identity;
    }

    private static void write(Path file, String pem) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
