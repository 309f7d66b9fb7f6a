package io.mqttrelay.dispatch.sink.http.oauth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a token server (RFC 6749, sections 5.1 and 5.2), as far as it can be understood.
 *
 * @param expiresIn seconds; null: none, or no number
 */
record TokenJson(
        @Nullable String accessToken,
        @Nullable String tokenType,
        @Nullable Double expiresIn,
        @Nullable String error,
        @Nullable String errorDescription) {
    /** Common servers refuse a request with longer headers. */
    static final int MAX_TOKEN = 16 * 1024;

    /** The longest time by which a token is renewed ahead of its end. */
    static final Duration LONGEST_AHEAD = Duration.ofMinutes(1);

    /** A short-lived token is renewed when this part of its lifetime is left. */
    static final int SHARE_AHEAD = 4;

    /** The lifetime of a token whose end is not known; a callback that refuses it before leads to a renewal. */
    private static final Duration UNKNOWN = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofDays(1);

    private static final JsonFactory JSON = new JsonFactory();

    /** Null: no JSON object. */
    static @Nullable TokenJson parse(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String accessToken = null;
            String tokenType = null;
            Double expiresIn = null;
            String error = null;
            String description = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "access_token" -> accessToken = text(json);
                    case "token_type" -> tokenType = text(json);
                    case "expires_in" -> expiresIn = number(json);
                    case "error" -> error = text(json);
                    case "error_description" -> description = text(json);
                    default -> json.skipChildren();
                }
            }
            return new TokenJson(accessToken, tokenType, expiresIn, error, description);
        } catch (IOException e) {
            return null;
        }
    }

    /** Null: no string. */
    private static @Nullable String text(JsonParser json) throws IOException {
        json.skipChildren();
        return json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    /** Some token servers send a number as a string. Null: no number. */
    private static @Nullable Double number(JsonParser json) throws IOException {
        json.skipChildren();
        JsonToken token = json.currentToken();
        if (!token.isNumeric() && token != JsonToken.VALUE_STRING) {
            return null;
        }
        try {
            return Double.valueOf(json.getText());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    boolean isBearer() {
        return tokenType == null || tokenType.equalsIgnoreCase("bearer");
    }

    /** Visible ASCII: more than RFC 6750 allows, and all that a header can carry. */
    static boolean isLegal(String token) {
        return token.length() <= MAX_TOKEN && token.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** Until the token's end, from the request for it. */
    Duration lifetime() {
        if (expiresIn == null || !(expiresIn > 0)) {
            return UNKNOWN;
        }
        double millis = Math.min(expiresIn * 1000, (double) LONGEST.toMillis());
        return Duration.ofMillis(Math.max(1, (long) millis));
    }

    String errorLine() {
        return errorDescription == null ? String.valueOf(error) : error + ": " + errorDescription;
    }
}
