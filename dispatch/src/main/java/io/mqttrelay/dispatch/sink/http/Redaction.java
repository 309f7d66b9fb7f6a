package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.SecretPath;
import io.mqttrelay.common.config.value.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;

/** Hides an address's secrets in the answers of its callback: some callbacks echo their request. */
public final class Redaction {
    /** Shorter values are words like {@code true} or {@code json}: hiding them would hide half of every error. */
    private static final int SHORTEST = 6;

    private static final String HIDDEN = "***";
    private static final String BASIC = "Basic ";

    /** A pair in cookies and queries. */
    private static final Pattern PAIR = Pattern.compile("[^=;&\\s]+=([^;&]*)");

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    /** The secrets of a destination: its headers and login, signing secrets, secret path and query. */
    public static Redaction of(Destination destination) {
        List<String> secrets = new ArrayList<>();
        Stream.concat(
                        destination.request().headers().values().stream(),
                        destination.request().signingSecrets().stream())
                .map(Secret::reveal)
                .forEach(secrets::add);
        for (Secret header : destination.request().headers().values()) {
            addLogin(secrets, header.reveal());
            addParts(secrets, header.reveal());
        }
        SecretPath path = destination.address().secretPath();
        if (path != null) {
            path.parts().forEach(part -> addPath(secrets, part.reveal()));
        }
        HttpUrl url = HttpUrl.parse(destination.address().url().toString());
        if (url != null) {
            // decoded, as it is sent, and as it was written
            Stream.of(
                            url.query(),
                            url.encodedQuery(),
                            destination.address().url().getRawQuery())
                    .filter(Objects::nonNull)
                    .forEach(query -> {
                        secrets.add(query);
                        addParts(secrets, query);
                    });
        }
        secrets.removeIf(secret -> secret.length() < SHORTEST);
        secrets.sort(Comparator.comparingInt(String::length).reversed()); // the whole before its parts
        return new Redaction(List.copyOf(secrets));
    }

    /** A callback may quote the login without its scheme, or the password alone. */
    private static void addLogin(List<String> secrets, String header) {
        if (!header.startsWith(BASIC)) {
            return;
        }
        String token = header.substring(BASIC.length());
        secrets.add(token);
        try {
            String login = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            secrets.add(login.substring(login.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            secrets.add(header); // not base64: the operator's own format
        }
    }

    /** Adds the path as it is sent, and decoded; a callback may quote a single level of it. */
    private static void addPath(List<String> secrets, String part) {
        secrets.add(part);
        for (String level : part.split("/", -1)) {
            secrets.add(level);
            secrets.add(URLDecoder.decode(level.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
    }

    /** A callback may quote a token without its scheme, or the value of a cookie or a parameter without its name. */
    private static void addParts(List<String> secrets, String text) {
        int space = text.indexOf(' ');
        if (space > 0) {
            secrets.add(text.substring(space + 1).strip());
        }
        Matcher pairs = PAIR.matcher(text);
        while (pairs.find()) {
            secrets.add(pairs.group(1).strip());
        }
    }

    /** Hides one more secret, whatever its length. */
    Redaction and(String secret) {
        List<String> all = new ArrayList<>(secrets.size() + 1);
        all.add(secret);
        all.addAll(secrets);
        return new Redaction(all);
    }

    /** Returns the text with {@code ***} for each secret in it. */
    public String apply(String text) {
        String safe = text;
        for (String secret : secrets) {
            safe = safe.replace(secret, HIDDEN);
        }
        return safe;
    }
}
