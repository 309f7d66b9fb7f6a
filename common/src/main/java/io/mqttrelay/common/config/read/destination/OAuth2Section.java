package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.OAuth2;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code oauth2}. */
final class OAuth2Section {
    static final Key<URI> TOKEN_URL = Key.required(
            "token_url", TextType.secret("http(s) URL", (text, value) -> tokenUrl(text)), "of the token server");
    private static final Key<String> CLIENT_ID = Key.required("client_id", TextType.nonEmpty("string"), "");
    private static final Key<Secret> CLIENT_SECRET = Key.required(
            "client_secret", TextType.secret("string", (text, value) -> new Secret(Texts.nonEmpty(text))), "");
    private static final Key<String> SCOPE =
            Key.optional("scope", TextType.nonEmpty("string"), "scopes, separated by spaces");
    private static final Key<String> AUDIENCE =
            Key.optional("audience", TextType.nonEmpty("string"), "where the token server asks for one");
    private static final Key<OAuth2.Auth> AUTH = Key.withDefault(
            "auth",
            ChoiceType.of(OAuth2.Auth.class),
            OAuth2.Auth.BASIC,
            "\"basic\"",
            "the client secret goes in an `Authorization` header, or in the form (`post`)");

    static final Section SECTION = new Section(
            "oauth2",
            "OAuth2 client credentials: the token is sent as `Authorization: Bearer`.",
            List.of(TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE, AUDIENCE, AUTH));

    private OAuth2Section() {}

    private static URI tokenUrl(String text) throws WrongException {
        URI url = CallbackUrl.read(text);
        if (!CallbackUrl.isHttp(url)) {
            throw new WrongException("must start with http:// or https://");
        }
        if (url.getRawAuthority().indexOf('@') >= 0) {
            throw new WrongException("must have no user name: give client_id and client_secret");
        }
        return url;
    }

    /** The settings; null: a required one is missing or wrong, and that is reported. */
    static @Nullable OAuth2 oauth2(Fields fields) {
        URI url = fields.find(TOKEN_URL);
        String client = fields.find(CLIENT_ID);
        Secret secret = fields.find(CLIENT_SECRET);
        return url == null || client == null || secret == null
                ? null
                : new OAuth2(url, client, secret, fields.find(SCOPE), fields.find(AUDIENCE), fields.get(AUTH));
    }
}
