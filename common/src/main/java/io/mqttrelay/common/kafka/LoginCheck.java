package io.mqttrelay.common.kafka;

import static org.apache.kafka.clients.CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
import static org.apache.kafka.common.config.SaslConfigs.SASL_JAAS_CONFIG;
import static org.apache.kafka.common.config.SaslConfigs.SASL_KERBEROS_SERVICE_NAME;
import static org.apache.kafka.common.config.SaslConfigs.SASL_MECHANISM;

import io.mqttrelay.common.config.KafkaCheck.Finding;
import io.mqttrelay.common.config.KafkaCheck.Place;
import io.mqttrelay.common.config.value.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.jspecify.annotations.Nullable;

/** Finds missing or contradictory settings of a SASL login to Kafka. Each finding names the setting. */
final class LoginCheck {
    private static final String DEFAULT_MECHANISM = "GSSAPI";

    /** The login module of each mechanism, by the end of its class name. */
    private static final Map<String, String> MODULES = Map.of(
            "PLAIN",
            "plain.PlainLoginModule",
            "SCRAM-SHA-256",
            "scram.ScramLoginModule",
            "SCRAM-SHA-512",
            "scram.ScramLoginModule",
            "OAUTHBEARER",
            "oauthbearer.OAuthBearerLoginModule",
            DEFAULT_MECHANISM,
            "Krb5LoginModule");

    private final Map<String, Secret> properties;
    private final List<Finding> findings = new ArrayList<>();

    private LoginCheck(Map<String, Secret> properties) {
        this.properties = properties;
    }

    static List<Finding> findings(Map<String, Secret> properties) {
        LoginCheck check = new LoginCheck(properties);
        String protocol = check.text(SECURITY_PROTOCOL_CONFIG, "PLAINTEXT").toUpperCase(Locale.ROOT);
        if (protocol.startsWith("SASL_")) {
            check.login(protocol);
        } else {
            check.without("sasl.", "SASL_SSL or SASL_PLAINTEXT");
        }
        if (!protocol.endsWith("SSL")) {
            check.without("ssl.", "SSL or SASL_SSL");
        }
        return check.findings;
    }

    private String text(String name, String otherwise) {
        Secret value = properties.get(name);
        return value == null ? otherwise : value.reveal().strip();
    }

    private void without(String prefix, String protocols) {
        new TreeSet<>(properties.keySet())
                .stream()
                        .filter(name -> name.startsWith(prefix))
                        .findFirst()
                        .ifPresent(name -> findings.add(new Finding(
                                Place.PROPERTIES,
                                name,
                                "has no effect without " + SECURITY_PROTOCOL_CONFIG + " " + protocols,
                                false)));
    }

    private void login(String protocol) {
        String mechanism = text(SASL_MECHANISM, DEFAULT_MECHANISM);
        String module = MODULES.get(mechanism);
        if (module == null) {
            problem(SASL_MECHANISM, "must be one of " + String.join(", ", new TreeSet<>(MODULES.keySet())));
            return;
        }
        if (!properties.containsKey(SASL_JAAS_CONFIG)) {
            if (System.getProperty("java.security.auth.login.config") == null) {
                problem(
                        null,
                        "needs " + SASL_JAAS_CONFIG + ", because " + SECURITY_PROTOCOL_CONFIG + " is " + protocol);
            }
            if (!properties.containsKey(SASL_MECHANISM)) {
                problem(
                        null,
                        "needs " + SASL_MECHANISM + ", because " + SECURITY_PROTOCOL_CONFIG + " is " + protocol
                                + " (without it, Kerberos is meant)");
            }
            return;
        }
        AppConfigurationEntry entry = entry();
        if (entry == null) {
            return; // reported when it was read
        }
        if (!entry.getLoginModuleName().endsWith(module)) {
            problem(
                    properties.containsKey(SASL_MECHANISM) ? SASL_JAAS_CONFIG : null,
                    (properties.containsKey(SASL_MECHANISM) ? "" : "needs " + SASL_MECHANISM + ": ")
                            + "the login module of mechanism " + mechanism + " is ..." + module);
            return;
        }
        options(mechanism, entry);
    }

    private void options(String mechanism, AppConfigurationEntry entry) {
        Map<String, ?> options = entry.getOptions();
        if (mechanism.equals(DEFAULT_MECHANISM)) {
            if (!properties.containsKey(SASL_KERBEROS_SERVICE_NAME) && !options.containsKey("serviceName")) {
                problem(null, "needs " + SASL_KERBEROS_SERVICE_NAME + " for Kerberos");
            }
            return;
        }
        if (mechanism.equals("OAUTHBEARER") || Boolean.TRUE.equals(options.get("tokenauth"))) {
            return;
        }
        for (String option : List.of("username", "password")) {
            Object value = options.get(option);
            if (value == null || String.valueOf(value).isEmpty()) {
                problem(SASL_JAAS_CONFIG, value == null ? "needs " + option + "=\"...\"" : "has an empty " + option);
            }
        }
    }

    private @Nullable AppConfigurationEntry entry() {
        try {
            List<AppConfigurationEntry> entries = JaasContext.loadClientContext(
                            Map.of(SASL_JAAS_CONFIG, new Password(text(SASL_JAAS_CONFIG, ""))))
                    .configurationEntries();
            return entries.size() == 1 ? entries.get(0) : null;
        } catch (IllegalArgumentException e) { // the message may hold a part of the password
            return null;
        }
    }

    private void problem(@Nullable String setting, String what) {
        findings.add(new Finding(Place.PROPERTIES, setting, what, true));
    }
}
