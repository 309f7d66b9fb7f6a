package io.mqttrelay.dispatch.sink.http.net;

import java.net.UnknownHostException;

/** The name server did not answer in time. */
public final class LookupTimeoutException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    LookupTimeoutException(String host) {
        super(host);
    }
}
