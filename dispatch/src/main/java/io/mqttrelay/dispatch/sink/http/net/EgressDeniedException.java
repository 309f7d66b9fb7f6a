package io.mqttrelay.dispatch.sink.http.net;

import java.io.IOException;

/** The egress policy forbids to dial an address; the message names it and the reason, in one line for people. */
public final class EgressDeniedException extends IOException {
    private static final long serialVersionUID = 1L;

    EgressDeniedException(String why) {
        super(why);
    }
}
