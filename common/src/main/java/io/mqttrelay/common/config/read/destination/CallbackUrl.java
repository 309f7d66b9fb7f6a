package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.AddressSchemes;
import io.mqttrelay.common.config.read.value.Hosts;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a callback address as a URL. A URL may hold credentials, so no error message quotes it. */
final class CallbackUrl {
    private static final int MAX_LENGTH = 8192;

    static final TextType<URI> TYPE = TextType.secret("URL", (text, value) -> read(text));

    private CallbackUrl() {}

    /** Reads a URL of HTTP; of any other URL only its syntax, the rest is left to {@link #check}. */
    static URI read(String text) throws WrongException {
        if (text.isEmpty()) {
            throw new WrongException("must not be empty");
        }
        if (text.length() > MAX_LENGTH) {
            throw new WrongException("must have at most " + MAX_LENGTH + " characters");
        }
        URI url = parse(text);
        if (isHttp(url)) {
            checkParts(url);
        }
        return url;
    }

    /** Checks a URL that was read by the rules of its scheme. */
    static AddressScheme check(URI url, AddressSchemes schemes) throws WrongException {
        AddressScheme scheme = schemes.of(url);
        if (scheme == null) {
            throw new WrongException("must start with " + schemes);
        }
        if (scheme.hasHost()) {
            checkParts(url);
        } else if (url.getRawAuthority() == null) {
            throw new WrongException("has no name behind " + scheme.name() + "://");
        } else if (url.getRawFragment() != null) {
            throw new WrongException("must not have a fragment (#...)");
        }
        if (url.getRawAuthority().indexOf('@') >= 0 && !scheme.settings().contains(AddressScheme.HEADERS)) {
            throw new WrongException("must have no user name: " + scheme.name() + ":// does not use it");
        }
        return scheme;
    }

    private static void checkParts(URI url) throws WrongException {
        if (url.getRawFragment() != null) {
            throw new WrongException("must not have a fragment (#...): it is never sent");
        }
        try {
            checkAuthority(url.getRawAuthority());
        } catch (WrongException e) {
            throw mayBeginWithLogin(url) ? new WrongException(e.what(true)) : e;
        }
    }

    /** Whether the wrong text may be part of a login with an unescaped slash or question mark. */
    private static boolean mayBeginWithLogin(URI url) {
        return (url.getRawPath() + url.getRawQuery()).indexOf('@') >= 0;
    }

    private static URI parse(String text) throws WrongException {
        if (text.codePoints().anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c))) {
            throw new WrongException("must not contain spaces or line breaks; within a path a space is %20");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new WrongException("must not contain control characters");
        }
        Texts.unicode(text);
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            if (e.getReason().startsWith("Expected authority")) {
                throw new WrongException("has no host");
            }
            throw new WrongException("is not a URL: the character at position " + (e.getIndex() + 1)
                    + " must be percent-encoded, or does not belong there");
        }
    }

    private static void checkAuthority(@Nullable String authority) throws WrongException {
        String hostPort = authority == null ? "" : authority.substring(authority.lastIndexOf('@') + 1);
        int colon = hostPort.endsWith("]") ? -1 : hostPort.lastIndexOf(':');
        String host = colon < 0 ? hostPort : hostPort.substring(0, colon);
        if (host.isEmpty()) {
            throw new WrongException("has no host");
        }
        Hosts.host(host);
        if (colon >= 0) {
            Hosts.port(hostPort.substring(colon + 1));
        }
    }

    /** The Authorization header value for the URL's user name and password; null: the URL has none. */
    static @Nullable Secret basicLogin(URI url) {
        String authority = url.getRawAuthority();
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        String login = URI.create("http://" + authority.substring(0, at).replace("@", "%40") + "@h/")
                .getUserInfo();
        String text = login.indexOf(':') >= 0 ? login : login + ":";
        return new Secret("Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The URL without user name and password, as it may be written to a dead letter. */
    static URI withoutLogin(URI url) {
        int at = url.getRawAuthority().lastIndexOf('@');
        if (at < 0) {
            return url;
        }
        String text = url.toString();
        int login = text.indexOf("://") + "://".length();
        return URI.create(text.substring(0, login) + text.substring(login + at + 1));
    }

    /** A normal form, equal for URLs that address the same resource. */
    static String normal(URI url) {
        if (!isHttp(url)) {
            return url.toString();
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String authority = url.getRawAuthority();
        String userInfo = authority.substring(0, authority.lastIndexOf('@') + 1);
        String hostPort = authority.substring(userInfo.length()).toLowerCase(Locale.ROOT);
        String defaultPort = scheme.equals("http") ? ":80" : ":443";
        String place = hostPort.endsWith(defaultPort)
                ? hostPort.substring(0, hostPort.length() - defaultPort.length())
                : hostPort;
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return scheme + "://" + userInfo + place + path + query;
    }

    /** Whether it is a URL of HTTP. */
    static boolean isHttp(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    }
}
