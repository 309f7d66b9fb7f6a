package io.mqttrelay.dispatch.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Sets the headers of one request: names come from the relay, values from messages are encoded. One thread, one request.
 */
public final class MessageHeaders {
    /** In Base64 512 characters: the topics, which are longer, are in the same request. */
    private static final int MOST_BYTES = 384;

    private final BiConsumer<String, String> setter;
    private final List<String> cut = new ArrayList<>(0);

    /** @param setter takes the name and the value of each header, both legal in HTTP; replaces an earlier value */
    public MessageHeaders(BiConsumer<String, String> setter) {
        this.setter = setter;
    }

    /** Adds a legal header value. */
    public MessageHeaders plain(String name, String value) {
        setter.accept(name, value);
        return this;
    }

    /** Adds any text. */
    public MessageHeaders text(String name, String text) {
        return encoded(HeaderText.RELAY, name, text);
    }

    /** Adds a topic that is not the message's own. */
    MessageHeaders otherTopic(String name, String topic) {
        return encoded(HeaderText.OTHER_TOPIC, name, topic);
    }

    /** Adds bytes in Base64; of too many, those at the beginning. */
    MessageHeaders base64(String name, byte[] bytes) {
        boolean fits = bytes.length <= MOST_BYTES;
        if (!fits) {
            cut.add(name);
        }
        byte[] shown = fits ? bytes : Arrays.copyOf(bytes, MOST_BYTES);
        return plain(name, Base64.getEncoder().encodeToString(shown));
    }

    /** Adds an attribute of a CloudEvent. */
    MessageHeaders attribute(String name, String text) {
        return encoded(HeaderText.CLOUD_EVENTS, name, text);
    }

    private MessageHeaders encoded(HeaderText form, String name, String text) {
        String value = form.encode(text);
        if (value.length() > form.maxLength()) {
            value = form.cut(text);
            cut.add(name);
        }
        return plain(name, value);
    }

    /** Sets the last header, which names those that were cut because they were too long; none if none was. */
    public void end() {
        if (!cut.isEmpty()) {
            plain("relay-truncated", String.join(" ", cut));
        }
    }
}
