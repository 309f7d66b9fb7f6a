package io.mqttrelay.common.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a URL with secret parts, which came from {@code ${env:}} or {@code ${file:}}.
 *
 * @param shown for display: {@code ***} in place of each secret part
 * @param id equal for equal secrets only: a digest in place of each secret part
 * @param parts the secret parts as they are sent
 */
public record SecretPath(String shown, String id, List<Secret> parts) {
    private static final int DIGEST_CHARACTERS = 16;

    public SecretPath {
        parts = List.copyOf(parts);
    }

    /** The secret path; null: no part of the path came from a reference. */
    static @Nullable SecretPath of(Substitution.Filled filled, URI url) {
        String text = filled.text();
        int begin = text.indexOf("://") + "://".length() + url.getRawAuthority().length();
        int end = begin + url.getRawPath().length();
        StringBuilder shown = new StringBuilder();
        StringBuilder id = new StringBuilder();
        List<Secret> parts = new ArrayList<>();
        int at = begin;
        for (Substitution.Range range : filled.fromOutside()) {
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
}
