package io.mqttrelay.common.kafka;

import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_KEY_PASSWORD_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG;
import static org.apache.kafka.common.config.SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG;

import io.mqttrelay.common.config.KafkaCheck.Finding;
import io.mqttrelay.common.config.KafkaCheck.Place;
import io.mqttrelay.common.config.KafkaSettings;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.tls.Pem;
import io.mqttrelay.common.tls.Validity;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens the trust store and the key store of Kafka's clients, as the clients do, and checks their contents. Then it checks
 * the other {@code ssl.*} settings: protocols, cipher suites, algorithms.
 */
final class TlsStoreCheck {
    private static final List<String> OF_TRUST =
            List.of(SSL_TRUSTSTORE_LOCATION_CONFIG, SSL_TRUSTSTORE_CERTIFICATES_CONFIG);
    private static final List<String> OF_KEY =
            List.of(SSL_KEYSTORE_LOCATION_CONFIG, SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, SSL_KEYSTORE_KEY_CONFIG);

    private static final Set<String> IDENTIFICATIONS = Set.of("", "https", "ldaps", "ldap");
    private static final String NOWHERE = "127.0.0.1:9";

    private final KafkaSettings settings;
    private final Place place;
    private final Map<String, Secret> own;
    private final Map<String, Secret> all;
    private final List<Finding> findings = new ArrayList<>();

    private TlsStoreCheck(KafkaSettings settings, Place place) {
        this.settings = settings;
        this.place = place;
        this.own = ClientCheck.of(settings, place);
        this.all = new HashMap<>(settings.properties());
        this.all.putAll(own);
    }

    /** Checks the stores of {@code kafka.properties}, or the stores that producers or consumers have instead. */
    static List<Finding> findings(KafkaSettings settings, Place place) {
        TlsStoreCheck check = new TlsStoreCheck(settings, place);
        Secret protocol = check.all.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        if (protocol != null
                && protocol.reveal().strip().toUpperCase(Locale.ROOT).endsWith("SSL")) {
            check.look("ssl.truststore.", OF_TRUST);
            check.look("ssl.key", OF_KEY);
            if (check.findings.stream().noneMatch(Finding::fatal)) {
                check.connect();
            }
        }
        return check.findings;
    }

    private void look(String prefix, List<String> stores) {
        String named = named(stores);
        if (named == null) {
            return;
        }
        String missing = missing(named);
        if (missing != null) {
            findings.add(new Finding(place, named, missing, true));
            return;
        }
        Map<String, Object> config = new HashMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                config.put(name, value.reveal());
            }
        });
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, NOWHERE);
        try (DefaultSslEngineFactory engines = new DefaultSslEngineFactory()) {
            engines.configure(new AdminClientConfig(config).values());
            KeyStore store = stores == OF_TRUST ? engines.truststore() : engines.keystore();
            if (store != null) {
                lookInto(store, named);
            }
        } catch (KafkaException | GeneralSecurityException e) {
            findings.add(new Finding(
                    place,
                    named,
                    "cannot be used (type, password and content are looked at): " + RedactedCause.of(e, settings),
                    true));
        }
    }

    /** Makes a TLS engine with all settings, as a client does for each connection. */
    private void connect() {
        String failure = failure(all);
        if (failure == null) {
            return;
        }
        for (String name : new TreeSet<>(own.keySet())) {
            Map<String, Secret> less = new HashMap<>(all);
            less.remove(name);
            if (name.startsWith("ssl.") && failure(less) == null) {
                findings.add(new Finding(place, name, "no TLS connection can be made with it: " + failure, true));
                return;
            }
        }
        if (place == Place.PROPERTIES) {
            findings.add(new Finding(place, null, "no TLS connection can be made: " + failure, true));
        }
    }

    private @Nullable String failure(Map<String, Secret> values) {
        Map<String, Object> config = new HashMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith("ssl.") || name.startsWith("security.providers")) {
                config.put(name, value.reveal());
            }
        });
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, NOWHERE);
        try (DefaultSslEngineFactory engines = new DefaultSslEngineFactory()) {
            AdminClientConfig client = new AdminClientConfig(config);
            engines.configure(client.values());
            String identification = client.getString(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
            engines.createClientSslEngine("localhost", 9, identification);
            // Java looks at it during a handshake only
            boolean isKnown = IDENTIFICATIONS.contains(identification.toLowerCase(Locale.ROOT));
            return isKnown ? null : "Java knows https for the names in certificates; empty switches that check off";
        } catch (KafkaException | IllegalArgumentException e) {
            return RedactedCause.of(e, settings);
        }
    }

    /** The setting that names the store; null: there is none, or it is not in this section. */
    private @Nullable String named(List<String> stores) {
        for (String store : stores) {
            if (own.containsKey(store)) {
                return store;
            }
        }
        return null;
    }

    private @Nullable String missing(String named) {
        Secret location = own.get(named);
        if (location == null || !named.endsWith(".location")) {
            return null;
        }
        try {
            Path file = Path.of(location.reveal());
            if (!Files.exists(file)) {
                return "the file does not exist";
            }
            return Files.isRegularFile(file) && Files.isReadable(file) ? null : "is not a file that can be read";
        } catch (InvalidPathException e) {
            return "is not the name of a file";
        }
    }

    private void lookInto(KeyStore store, String named) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        boolean hasKey = false;
        for (String alias : Collections.list(store.aliases())) {
            Certificate[] chain = store.getCertificateChain(alias);
            Certificate single = store.getCertificate(alias);
            for (Certificate each : chain == null ? new Certificate[] {single} : chain) {
                if (each instanceof X509Certificate certificate) {
                    certificates.add(certificate);
                }
            }
            if (store.isKeyEntry(alias)) {
                hasKey = true;
                checkPair(store.getKey(alias, keyPassword()), single, named);
            }
        }
        if (!hasKey && OF_KEY.contains(named)) {
            findings.add(new Finding(place, named, "holds no private key", true));
        }
        String invalid = Validity.problem(certificates, Instant.now());
        if (invalid != null) {
            findings.add(new Finding(place, named, invalid, false));
        }
    }

    private void checkPair(@Nullable Key key, @Nullable Certificate certificate, String named) {
        if (key instanceof PrivateKey own && certificate instanceof X509Certificate known && !Pem.isPair(own, known)) {
            findings.add(new Finding(place, named, "the private key is not that of the certificate", true));
        }
    }

    /** The password of the key. Kafka's clients use the store's password for a key without its own. */
    private char @Nullable [] keyPassword() {
        Secret password = all.getOrDefault(SSL_KEY_PASSWORD_CONFIG, all.get(SSL_KEYSTORE_PASSWORD_CONFIG));
        return password == null ? null : password.reveal().toCharArray();
    }
}
