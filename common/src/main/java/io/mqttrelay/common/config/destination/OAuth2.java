package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * OAuth2 client credentials.
 *
 * @param tokenUrl http or https; without user info
 * @param scope null: none
 * @param audience null: none
 * @param auth how the client shows its secret to the token server
 */
public record OAuth2(
        URI tokenUrl,
        String clientId,
        Secret clientSecret,
        @Nullable String scope,
        @Nullable String audience,
        Auth auth) {
    /** How the client shows its secret. */
    public enum Auth {
        /** In an Authorization header. */
        BASIC,
        /** In the form of the request. */
        POST
    }

    /** Without the URL, whose query may hold a secret. */
    @Override
    public String toString() {
        return "client " + clientId;
    }
}
