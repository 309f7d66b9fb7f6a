package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.common.config.Address;
import io.mqttrelay.common.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Hides an address's secrets in what its callback answers: some callbacks send back what they were sent. */
final class Redaction {
    /** Shorter values are words like {@code true} or {@code json}: hiding them would hide half of every error. */
    private static final int SHORTEST = 6;

    private static final String HIDDEN = "***";
    private static final String BASIC = "Basic ";

    /** What values of cookies and queries consist of. */
    private static final Pattern PAIR = Pattern.compile("[^=;&\\s]+=([^;&]*)");

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    static Redaction of(Address address) {
        List<String> secrets = new ArrayList<>();
        Stream.concat(address.headers().values().stream(), address.signingSecrets().stream())
                .map(Secret::reveal)
                .forEach(secrets::add);
        for (Secret header : address.headers().values()) {
            addLogin(secrets, header.reveal());
            addParts(secrets, header.reveal());
        }
        HttpUrl url = HttpUrl.parse(address.url().toString());
        if (url != null) {
            addIfPresent(secrets, url.query());
            addIfPresent(secrets, url.encodedQuery()); // as it is sent
            addIfPresent(secrets, address.url().getRawQuery());
            addParts(secrets, String.valueOf(url.query()));
            addParts(secrets, String.valueOf(url.encodedQuery()));
            addParts(secrets, String.valueOf(address.url().getRawQuery()));
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
            secrets.add(header); // not base64: an operator's own way of writing it
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

    private static void addIfPresent(List<String> secrets, @Nullable String value) {
        if (value != null) {
            secrets.add(value);
        }
    }

    String apply(String text) {
        String safe = text;
        for (String secret : secrets) {
            safe = safe.replace(secret, HIDDEN);
        }
        return safe;
    }
}
