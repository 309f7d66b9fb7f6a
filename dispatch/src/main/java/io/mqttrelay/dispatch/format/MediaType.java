package io.mqttrelay.dispatch.format;

import java.util.regex.Pattern;

/**
 * Tells whether a text is a media type (RFC 9110, section 8.3.1): a type, a subtype, and parameters of which some may be
 * empty. A quoted value has no quote in it.
 */
public final class MediaType {
    private static final String TOKEN = "[a-zA-Z0-9!#$%&'*+.^_`{|}~-]++";
    private static final String PARAMETER = TOKEN + "=(?:" + TOKEN + "|\"[^\"]*+\")";
    private static final Pattern SYNTAX = Pattern.compile(TOKEN + "/" + TOKEN + "(?:;\\s*+(?:" + PARAMETER + ")?+)*+");

    private MediaType() {}

    /** Whether the text is a media type of HTTP. */
    public static boolean isMediaType(String text) {
        return SYNTAX.matcher(text).matches();
    }
}
