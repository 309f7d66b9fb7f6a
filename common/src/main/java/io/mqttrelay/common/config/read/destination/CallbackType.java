package io.mqttrelay.common.config.read.destination;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttrelay.common.config.destination.SecretPath;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.SectionType;
import io.mqttrelay.common.settings.Type;
import io.mqttrelay.common.settings.Value;
import io.mqttrelay.common.text.Sha256;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An entry of {@code callbackAddress}: a URL, or an object with a URL and its own settings. */
final class CallbackType implements Type<CallbackType.Callback> {
    private static final int DIGEST_CHARACTERS = 16;
    private final SectionType object;

    /** @param object an entry with settings */
    CallbackType(SectionType object) {
        this.object = object;
    }

    /**
     * One entry as read.
     *
     * @param secretPath null: no part of the path is secret
     * @param written where problems of the entry are reported
     * @param settings null: a URL alone
     */
    record Callback(
            URI url,
            @Nullable SecretPath secretPath,
            Value written,
            @Nullable Fields settings) {
        /** The value of the URL itself. */
        Value writtenUrl() {
            Value own = settings == null ? null : settings.written(DestinationSection.URL);
            return own == null ? written : own;
        }

        /** Whether it is a URL alone, or an object with nothing else. */
        boolean isPlain() {
            return settings == null || settings.object().json().size() <= 1;
        }
    }

    @Override
    public @Nullable Callback read(Value value) {
        if (value.json().isObject()) {
            Fields fields = object.read(value);
            URI url = fields == null ? null : fields.find(DestinationSection.URL);
            Value written = fields == null ? null : fields.written(DestinationSection.URL);
            return url == null || written == null ? null : new Callback(url, secretPath(written, url), value, fields);
        }
        if (!value.json().isTextual()) {
            value.problem("must be a URL or an object with a url");
            return null;
        }
        URI url = CallbackUrl.TYPE.read(value);
        return url == null ? null : new Callback(url, secretPath(value, url), value, null);
    }

    private static @Nullable SecretPath secretPath(Value written, URI url) {
        Value.Filled filled = written.filled();
        return filled == null || url.getRawAuthority() == null ? null : secretPath(filled, url);
    }

    /** The secret path; null: no part of the path came from a reference. */
    private static @Nullable SecretPath secretPath(Value.Filled filled, URI url) {
        String text = filled.text();
        int begin = text.indexOf("://") + "://".length() + url.getRawAuthority().length();
        int end = begin + url.getRawPath().length();
        StringBuilder shown = new StringBuilder();
        StringBuilder id = new StringBuilder();
        List<Secret> parts = new ArrayList<>();
        int at = begin;
        for (Value.Range range : filled.fromOutside()) {
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

    @Override
    public String describe() {
        return CallbackUrl.TYPE.describe() + " or " + object.describe();
    }

    @Override
    public ObjectNode schema() {
        return Type.anyOf(CallbackUrl.TYPE.schema(), object.schema());
    }

    @Override
    public List<Section> sections() {
        return object.sections();
    }
}
