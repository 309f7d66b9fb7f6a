package io.mqttrelay.dispatch.format;

import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.record.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trace context in a publisher's MQTT 5 user properties, passed on unchanged: the relay opens no span. A publisher
 * may send any text, so an invalid trace context is left out.
 *
 * @param parent a legal header value
 * @param state a legal header value; null: none
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context, section 3</a>
 * @see <a href="https://w3c.github.io/trace-context-mqtt/">Trace Context: MQTT protocol</a>
 */
record TraceContext(String parent, @Nullable String state) {
    static final String PARENT = "traceparent";
    static final String STATE = "tracestate";

    private static final String FIRST_VERSION = "00";
    private static final String NO_VERSION = "ff";

    // version-traceid-parentid-flags
    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /** For future versions, which may be longer. */
    private static final int MAX_LENGTH = 256;

    private static final int MAX_STATE = 512;

    /** Null: the message names no trace, or more than one. */
    static @Nullable TraceContext of(RelayMessage message) {
        if (message.userProperties().isEmpty()) {
            return null; // most messages: no object is made for them
        }
        String parent = null;
        List<String> state = new ArrayList<>();
        for (UserProperty property : message.userProperties()) {
            if (property.name().equals(PARENT)) {
                if (parent != null) {
                    return null;
                }
                parent = property.value();
            } else if (property.name().equals(STATE)) {
                state.add(property.value());
            }
        }
        return parent == null || !isParent(parent) ? null : new TraceContext(parent, joined(state));
    }

    void addTo(MessageHeaders headers) {
        headers.plain(PARENT, parent);
        if (state != null) {
            headers.plain(STATE, state);
        }
    }

    private static boolean isParent(String text) {
        if (text.length() < LENGTH || text.length() > MAX_LENGTH) {
            return false;
        }
        String version = text.substring(0, 2);
        boolean ends = text.length() == LENGTH || (!version.equals(FIRST_VERSION) && text.charAt(LENGTH) == '-');
        return ends
                && isHex(version)
                && !version.equals(NO_VERSION)
                && isId(text, TRACE_ID, PARENT_ID)
                && isId(text, PARENT_ID, FLAGS)
                && isHex(text.substring(FLAGS, LENGTH))
                && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** The id is between two dashes. */
    private static boolean isId(String text, int begin, int end) {
        String id = text.substring(begin, end - 1);
        return text.charAt(begin - 1) == '-'
                && text.charAt(end - 1) == '-'
                && isHex(id)
                && !id.chars().allMatch(c -> c == '0');
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /** Joins several values to one list. Null: there is none, or it is no legal header value. */
    private static @Nullable String joined(List<String> values) {
        String state = String.join(",", values).strip();
        boolean legal = state.length() <= MAX_STATE && state.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        return state.isEmpty() || !legal ? null : state;
    }
}
