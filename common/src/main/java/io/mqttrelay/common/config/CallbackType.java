package io.mqttrelay.common.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry of {@code callbackAddress}: a URL, or an object with a URL and settings of its own. */
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

    private static final String AUTHORIZATION = "Authorization";

    private static final SectionType OBJECT = new SectionType(new Section(
            "callbackAddress",
            "One address, where it needs settings of its own; otherwise the URL alone will do.",
            List.of(URL, HEADERS, SIGNING_SECRETS, TLS)));

    /**
     * One entry.
     *
     * @param written to report to
     * @param settings null: a URL alone
     */
    record Callback(URI url, Value written, @Nullable Fields settings) {
        /** The address with what the route says where the entry says nothing. */
        Address address(Map<String, Secret> headers, List<Secret> signingSecrets, TlsSettings tls) {
            List<Secret> ownSecrets = settings == null ? null : settings.find(SIGNING_SECRETS);
            Fields ownTls = settings == null ? null : settings.find(TLS);
            return new Address(
                    CallbackUrl.withoutLogin(url),
                    Headers.merge(headers, ownHeaders()),
                    ownSecrets == null ? signingSecrets : ownSecrets,
                    ownTls == null ? tls : Tls.callback(ownTls));
        }

        /** A user name in the URL becomes a header: the URL is written to dead letters, and no client sends it. */
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
            return url == null ? null : new Callback(url, value, fields);
        }
        if (!value.json().isTextual()) {
            value.problem("must be a URL or an object with a url");
            return null;
        }
        URI url = URL_TYPE.read(value);
        return url == null ? null : new Callback(url, value, null);
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
