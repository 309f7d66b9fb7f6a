package io.mqttrelay.common.config.destination;

import io.mqttrelay.common.config.value.Secret;
import java.util.List;

/**
 * The path of a URL with secret parts, which came from {@code ${env:}} or {@code ${file:}}.
 *
 * @param shown for display: {@code ***} in place of each secret part
 * @param id equal for equal secrets only: a digest in place of each secret part
 * @param parts the secret parts as they are sent
 */
public record SecretPath(String shown, String id, List<Secret> parts) {
    public SecretPath {
        parts = List.copyOf(parts);
    }
}
