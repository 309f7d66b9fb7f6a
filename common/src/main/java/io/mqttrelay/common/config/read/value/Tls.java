package io.mqttrelay.common.config.read.value;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.value.TlsSettings;
import io.mqttrelay.common.settings.BooleanType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.tls.Pem;
import io.mqttrelay.common.tls.Validity;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The TLS sections for MQTT brokers and callbacks. */
public final class Tls {
    private static final Key<Path> CA_FILE = Key.derived(
            "ca_file",
            PemFile.certificates(),
            "the JVM's trust store",
            "what the server's certificate must descend from");
    private static final Key<Path> CERT_FILE =
            Key.optional("cert_file", PemFile.certificates(), "this side's certificate chain, for mutual TLS");
    private static final Key<Path> KEY_FILE =
            Key.optional("key_file", PemFile.privateKey(), "its private key (PKCS#8, not encrypted)");
    private static final Key<Boolean> VERIFY_HOSTNAME = Key.withDefault(
            "verify_hostname",
            new BooleanType(),
            true,
            "true",
            "`false` takes the certificate of any host that the CA has signed: for tests only");

    private static final String ABOUT = "PEM files; a relative name is relative to the configuration file's folder.";

    static final Section BROKER =
            new Section("broker tls", ABOUT, List.of(CA_FILE, CERT_FILE, KEY_FILE, VERIFY_HOSTNAME));
    public static final Section CALLBACK = new Section("callback tls", ABOUT, List.of(CA_FILE, CERT_FILE, KEY_FILE));

    private Tls() {}

    public static TlsSettings callback(Fields fields) {
        return settings(fields, true);
    }

    static TlsSettings broker(Fields fields) {
        boolean verify = fields.get(VERIFY_HOSTNAME);
        if (!verify) {
            fields.warn(VERIFY_HOSTNAME, "any host with a certificate of this CA can pose as the broker");
        }
        return settings(fields, verify);
    }

    private static TlsSettings settings(Fields fields, boolean verifyHostname) {
        checkPair(fields, CERT_FILE, KEY_FILE);
        checkPair(fields, KEY_FILE, CERT_FILE);
        List<X509Certificate> chain = certificates(fields, CERT_FILE);
        PrivateKey key = key(fields);
        if (!chain.isEmpty() && key != null && !Pem.isPair(key, chain.get(0))) {
            fields.problem(
                    KEY_FILE,
                    fields.find(KEY_FILE) + ": it is not the key of the certificate in " + fields.find(CERT_FILE));
        }
        if (!isInOrder(chain)) {
            fields.problem(
                    CERT_FILE,
                    fields.find(CERT_FILE)
                            + ": its certificates are no chain: the one of the key must be the first, then"
                            + " the issuer of each, none twice");
        }
        warnIfNotValid(fields, CERT_FILE, chain);
        warnIfNotValid(fields, CA_FILE, certificates(fields, CA_FILE));
        return new TlsSettings(fields.find(CA_FILE), fields.find(CERT_FILE), fields.find(KEY_FILE), verifyHostname);
    }

    /** Whether each certificate is followed by its issuer: a key store takes no other chain. */
    private static boolean isInOrder(List<X509Certificate> chain) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                return false;
            }
        }
        return new HashSet<>(chain).size() == chain.size();
    }

    private static List<X509Certificate> certificates(Fields fields, Key<Path> file) {
        Path path = fields.find(file);
        Value written = fields.written(file);
        return path == null || written == null ? List.of() : PemFile.certificates(path, written);
    }

    private static @Nullable PrivateKey key(Fields fields) {
        Path path = fields.find(KEY_FILE);
        Value written = fields.written(KEY_FILE);
        return path == null || written == null ? null : PemFile.privateKey(path, written);
    }

    private static void warnIfNotValid(Fields fields, Key<Path> file, List<X509Certificate> certificates) {
        String problem = Validity.problem(certificates, Instant.now());
        if (problem != null) {
            fields.warn(file, problem);
        }
    }

    private static void checkPair(Fields fields, Key<Path> one, Key<Path> other) {
        if (fields.has(one) && !fields.has(other)) {
            fields.problem(one, "needs " + other.name() + " beside it");
        }
    }

    /**
     * A boolean or an object. {@code true}: TLS with the JVM's trust store; {@code false}: no TLS; an object: TLS
     * with its settings.
     */
    public static final class SwitchType implements Type<SwitchType.Choice> {
        private final SectionType object = new SectionType(BROKER);

        /**
         * Whether TLS is on, and its settings.
         *
         * @param settings null: off
         */
        public record Choice(@Nullable TlsSettings settings) {}

        @Override
        public @Nullable Choice read(Value value) {
            if (value.json().isBoolean()) {
                return new Choice(value.json().booleanValue() ? TlsSettings.JVM_DEFAULT : null);
            }
            if (!value.json().isObject()) {
                value.expected("true, false or an object");
                return null;
            }
            Fields fields = object.read(value);
            return fields == null ? null : new Choice(broker(fields));
        }

        @Override
        public String describe() {
            return "`true`, `false`, or " + object.describe();
        }

        @Override
        public ObjectNode schema() {
            return Type.anyOf(Type.schemaOf("boolean"), object.schema());
        }

        @Override
        public List<Section> sections() {
            return object.sections();
        }
    }
}
