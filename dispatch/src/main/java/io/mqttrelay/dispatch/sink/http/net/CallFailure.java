package io.mqttrelay.dispatch.sink.http.net;

import io.mqttrelay.common.text.Printable;
import io.mqttrelay.common.text.RootCause;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Describes in words for people why there was no answer. No secrets: a URL never appears. */
public final class CallFailure {
    /** The description of a call that this dispatcher has ended. */
    public static final String CANCELLED = "cancelled";

    private static final int MAX_DETAIL = 200;
    private static final int MAX_CAUSES = 20;

    private CallFailure() {}

    /**
     * Describes the failure in one line. It may quote text that the server has sent.
     *
     * @param timeout of the whole call
     * @param redaction hides secrets in a text
     */
    public static String describe(Exception e, Duration timeout, UnaryOperator<String> redaction) {
        if (e instanceof InterruptedException) {
            return CANCELLED;
        }
        if (!(e instanceof IOException)) {
            // the message of a bug may contain anything
            return "failed in the relay: " + e.getClass().getSimpleName();
        }
        if (e instanceof EgressDeniedException) {
            return detail(e, redaction);
        }
        if (e instanceof InterruptedIOException) {
            return Thread.currentThread().isInterrupted() ? CANCELLED : "timed out after " + text(timeout);
        }
        if (e instanceof LookupTimeoutException) {
            return "timed out after " + text(timeout) + ": no answer from DNS";
        }
        if (e instanceof UnknownHostException) {
            return Thread.currentThread().isInterrupted() ? CANCELLED : "unknown host";
        }
        if (e instanceof SSLException) {
            return "TLS: " + tls(e, redaction);
        }
        if (e instanceof ProtocolException) {
            return "malformed answer: " + detail(e, redaction);
        }
        return connection(e, redaction);
    }

    /**
     * The possible cause. A message may cause an unreadable answer or a defect of the relay; the address causes all
     * other failures.
     */
    public static SinkResult.Cause cause(Exception e) {
        boolean unreadable = e instanceof ProtocolException || e instanceof RuntimeException;
        return unreadable ? SinkResult.Cause.EITHER : SinkResult.Cause.ADDRESS;
    }

    private static String connection(Exception e, UnaryOperator<String> redaction) {
        if (e instanceof NoRouteToHostException) {
            return "no route to host";
        }
        if (e instanceof ConnectException) {
            return mentions(e, "refused")
                    ? "connection refused"
                    : "cannot connect: " + detail(RootCause.of(e), redaction);
        }
        if (RootCause.has(e, EOFException.class) || mentions(e, "unexpected end of stream")) {
            return "connection closed before an answer";
        }
        if (e instanceof SocketException && (mentions(e, "reset") || mentions(e, "broken pipe"))) {
            return "connection reset";
        }
        return "connection failed: " + detail(e, redaction);
    }

    private static String tls(Exception e, UnaryOperator<String> redaction) {
        if (e instanceof SSLPeerUnverifiedException) {
            return "the certificate is not for this host name";
        }
        if (RootCause.has(e, CertificateExpiredException.class)) {
            return "certificate expired";
        }
        if (RootCause.has(e, CertificateNotYetValidException.class)) {
            return "certificate not yet valid";
        }
        if (RootCause.has(e, CertPathBuilderException.class)) {
            return "certificate of an unknown authority";
        }
        if (mentions(e, "protocol_version") || mentions(e, "server selected protocol version")) {
            return "the server has no TLS 1.2 or newer";
        }
        if (mentions(e, "received fatal alert: certificate_required")) {
            return "the server wants a client certificate";
        }
        return mentions(e, "received fatal alert: bad_certificate")
                ? "the server wants a client certificate, or another one"
                : detail(e, redaction);
    }

    private static String detail(Throwable e, UnaryOperator<String> redaction) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : Printable.oneLine(redaction.apply(withoutUrls(message)), MAX_DETAIL);
    }

    private static String withoutUrls(String message) {
        return message.replaceAll("(?i)https?://\\S+", "the address");
    }

    private static boolean mentions(Throwable e, String text) {
        Throwable at = e;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            String message = at.getMessage();
            if (message != null && message.toLowerCase(Locale.ROOT).contains(text)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static String text(Duration timeout) {
        long millis = timeout.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
