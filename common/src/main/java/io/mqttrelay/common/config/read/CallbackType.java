package io.mqttrelay.common.config.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.AddressScheme;
import io.mqttrelay.common.config.Secret;
import io.mqttrelay.common.config.SecretPath;
import io.mqttrelay.common.config.TlsSettings;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.Sha256;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entry of {@code callbackAddress}: a URL, or an object with a URL and its own settings. */
final class CallbackType implements Type<CallbackType.Callback> {
    private static final TextType<URI> URL_TYPE =
            TextType.secret("http(s) URL", (text, value) -> CallbackUrl.read(text));

    private static final Key<URI> URL = Key.required("url", URL_TYPE, "where the messages are posted to");
    static final Key<Map<String, Secret>> HEADERS = Key.derived(
            "headers", Headers.TYPE, "the route's", "added to the route's, or instead of those of the same name");
    static final Key<List<Secret>> SIGNING_SECRETS =
            Key.derived("signing_secrets", SigningSecrets.TYPE, "the route's", "instead of the route's");
    private static final Key<Fields> TLS =
            Key.derived("tls", new SectionType(Tls.CALLBACK), "the route's", "instead of the route's");

    private static final int DIGEST_CHARACTERS = 16;
    private static final String AUTHORIZATION = "Authorization";

    private static final SectionType OBJECT = new SectionType(new Section(
            "callbackAddress",
            "One address, where it needs settings of its own; otherwise the URL alone will do.",
            List.of(URL, HEADERS, SIGNING_SECRETS, TLS)));

    /**
     * One entry as read.
     *
     * @param secretPath null: no part of the path is secret
     * @param written where problems of the entry are reported
     * @param settings null: a URL alone
     */
    record Callback(
            URI url,
            @Nullable SecretPath secretPath,
            Value written,
            @Nullable Fields settings) {
        /** The value of the URL itself. */
        Value writtenUrl() {
            Value own = settings == null ? null : settings.written(URL);
            return own == null ? written : own;
        }

        /** Reports the entry's settings that addresses of its scheme do not have. */
        void checkSettings(AddressScheme scheme) {
            for (Key<?> key : List.of(HEADERS, SIGNING_SECRETS, TLS)) {
                if (settings != null && settings.has(key) && !scheme.settings().contains(key.name())) {
                    settings.problem(key, "does not belong to an address that starts with " + scheme.name() + "://");
                }
            }
        }

        /** The address. The route's settings count where the entry has none, if its scheme uses them. */
        Address address(
                AddressScheme scheme, Map<String, Secret> headers, List<Secret> signingSecrets, TlsSettings tls) {
            Set<String> used = scheme.settings();
            return address(
                    used.contains(AddressScheme.HEADERS) ? headers : Map.of(),
                    used.contains(AddressScheme.SIGNING_SECRETS) ? signingSecrets : List.of(),
                    used.contains(AddressScheme.TLS) ? tls : TlsSettings.JVM_DEFAULT);
        }

        private Address address(Map<String, Secret> headers, List<Secret> signingSecrets, TlsSettings tls) {
            List<Secret> ownSecrets = settings == null ? null : settings.find(SIGNING_SECRETS);
            Fields ownTls = settings == null ? null : settings.find(TLS);
            return new Address(
                    CallbackUrl.withoutLogin(url),
                    secretPath,
                    Headers.merge(headers, ownHeaders()),
                    ownSecrets == null ? signingSecrets : ownSecrets,
                    ownTls == null ? tls : Tls.callback(ownTls),
                    null);
        }

        /**
         * The headers of the entry. A user name in the URL becomes a header, because the URL is written to dead
         * letters and HTTP clients do not send it.
         */
        private Map<String, Secret> ownHeaders() {
            Map<String, Secret> given = settings == null ? null : settings.find(HEADERS);
            Value writtenHeaders = settings == null ? null : settings.written(HEADERS);
            if (given != null && writtenHeaders != null) {
                Headers.checkDistinct(given, writtenHeaders);
            }
            Map<String, Secret> own = given == null ? Map.of() : given;
            Secret login = CallbackUrl.basicLogin(url);
            if (login == null) {
                return own;
            }
            if (own.keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
                written.problem("has a user name in its URL and an Authorization header: give one of them");
            }
            return Headers.merge(own, Map.of(AUTHORIZATION, login));
        }
    }

    @Override
    public @Nullable Callback read(Value value) {
        if (value.json().isObject()) {
            Fields fields = OBJECT.read(value);
            URI url = fields == null ? null : fields.find(URL);
            Value written = fields == null ? null : fields.written(URL);
            return url == null || written == null ? null : new Callback(url, secretPath(written, url), value, fields);
        }
        if (!value.json().isTextual()) {
            value.problem("must be a URL or an object with a url");
            return null;
        }
        URI url = URL_TYPE.read(value);
        return url == null ? null : new Callback(url, secretPath(value, url), value, null);
    }

    private static @Nullable SecretPath secretPath(Value written, URI url) {
        Value.Filled filled = written.filled();
        return filled == null || url.getRawAuthority() == null ? null : secretPath(filled, url);
    }

    /** The secret path; null: no part of the path came from a reference. */
    private static @Nullable SecretPath secretPath(Value.Filled filled, URI url) {
        String text = filled.text();
        int begin = text.indexOf("://") + "://".length() + url.getRawAuthority().length();
        int end = begin + url.getRawPath().length();
        StringBuilder shown = new StringBuilder();
        StringBuilder id = new StringBuilder();
        List<Secret> parts = new ArrayList<>();
        int at = begin;
        for (Value.Range range : filled.fromOutside()) {
            int from = Math.max(begin, range.from());
            int to = Math.min(end, range.to());
            if (from == begin && to > from && text.charAt(from) == '/') {
                from++; // every path begins with the slash
            }
            if (to > from) {
                String part = text.substring(from, to);
                shown.append(text, at, from).append(new Secret(part));
                id.append(text, at, from).append("sha256-").append(Sha256.of(part), 0, DIGEST_CHARACTERS);
                parts.add(new Secret(part));
                at = to;
            }
        }
        return parts.isEmpty()
                ? null
                : new SecretPath(
                        shown.append(text, at, end).toString(),
                        id.append(text, at, end).toString(),
                        parts);
    }

    @Override
    public String describe() {
        return URL_TYPE.describe() + " or " + OBJECT.describe();
    }

    @Override
    public ObjectNode schema() {
        return Type.anyOf(URL_TYPE.schema(), OBJECT.schema());
    }

    @Override
    public List<Section> sections() {
        return OBJECT.sections();
    }
}
