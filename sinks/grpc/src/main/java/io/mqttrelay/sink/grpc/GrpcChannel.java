package io.mqttrelay.sink.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.internal.OkHostnameVerifier;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.mqttrelay.common.config.destination.Address;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.dispatch.format.HeaderText;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.http.net.RenewedTls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The connection of one address. A call whose address has no connection makes one, and a call that finds the address
 * unreachable fails at once: the relay alone decides when to try again. Any thread.
 */
final class GrpcChannel {
    /** A connection without a call is closed after this time. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** A busy connection never asks DNS again: after this time at most, an address that moved is found. */
    private static final Duration CONNECTION_AGE = Duration.ofMinutes(5);

    /** A connection that is silent for this time (or for a call's timeout, if that is longer) is asked for a sign. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration SIGN = Duration.ofSeconds(10);

    /** Two for each connection: one reads, one writes. And one for lookups of the name. */
    private static final int THREADS = 2 * GrpcSockets.MOST + 1;

    private final MethodDescriptor<byte[], byte[]> method;
    private final Duration timeout;
    private final GrpcSockets sockets;
    private final ExecutorService threads;
    private final ManagedChannel channel;
    private final ConcurrentMap<String, Metadata.Key<String>> keys = new ConcurrentHashMap<>();
    private final AtomicLong renewedAt = new AtomicLong(System.nanoTime());

    /**
     * Opens no connection yet.
     *
     * @param method that is called
     * @param timer for deadlines
     * @throws io.mqttrelay.dispatch.sink.UnusableAddressException if a TLS file cannot be used
     */
    GrpcChannel(Destination destination, String method, SinkContext context, ScheduledExecutorService timer) {
        Address address = destination.address();
        timeout = destination.calls().timeout();
        this.method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(GrpcForm.SERVICE, method))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        sockets = new GrpcSockets(context.egress(), address.host(), timeout);
        threads = context.executors().pool("dispatch-grpc-" + address.host(), THREADS);
        long silence = Math.max(SILENCE.toMillis(), timeout.toMillis());
        OkHttpChannelBuilder builder = OkHttpChannelBuilder.forTarget("dns:///" + address.host() + ":" + address.port())
                .userAgent("mqtt-relay/" + HeaderText.RELAY.encode(context.version()))
                .socketFactory(sockets)
                .transportExecutor(threads)
                .offloadExecutor(threads)
                .directExecutor()
                .scheduledExecutorService(timer)
                .proxyDetector(target -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .maxInboundMessageSize(GrpcStatusTable.MAX_ANSWER)
                .keepAliveTime(silence, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(SIGN.toMillis(), TimeUnit.MILLISECONDS)
                .idleTimeout(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        channel = (address.url().getScheme().equalsIgnoreCase("grpcs")
                        ? builder.sslSocketFactory(new RenewedTls(
                                        destination.display(),
                                        destination.request().tls()))
                                .hostnameVerifier(GrpcChannel::isFor)
                        : builder.usePlaintext())
                .build();
    }

    /** Sends a request. The result is done at the deadline at the latest; to cancel it ends the call. */
    Future<?> call(Map<String, String> metadata, byte[] request) {
        prepare();
        Metadata headers = new Metadata();
        metadata.forEach((name, value) -> headers.put(key(name), value));
        Channel withHeaders = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return ClientCalls.futureUnaryCall(withHeaders.newCall(method, options), request);
    }

    private Metadata.Key<String> key(String name) {
        return keys.computeIfAbsent(name, each -> Metadata.Key.of(each, Metadata.ASCII_STRING_MARSHALLER));
    }

    /**
     * Makes a call connect at once after a failure, where the library would wait longer each time; and makes a new
     * connection after some time. The calls in flight end on the old one.
     */
    private void prepare() {
        long renewed = renewedAt.get();
        long now = System.nanoTime();
        boolean isOld = now - renewed > CONNECTION_AGE.toNanos() && renewedAt.compareAndSet(renewed, now);
        if (isOld || channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
    }

    /** Ends an attempt to connect that lasted as long as a call may. */
    void failed(Status status) {
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED
                && channel.getState(false) == ConnectivityState.CONNECTING
                && sockets.closeStuck()) {
            channel.enterIdle();
        }
    }

    /** Ends the calls in flight and closes the connections. */
    void close() {
        channel.shutdownNow();
        sockets.close();
    }

    /** Waits for the end of the calls, then ends the threads. */
    void awaitEnd(long nanos) {
        try {
            var unused = channel.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    /** A name in the certificate's subject alone does not count, as in callbacks. */
    private static boolean isFor(String host, SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    && certificate.getSubjectAlternativeNames() != null
                    && OkHostnameVerifier.INSTANCE.verify(host, session);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return false;
        }
    }

    /** Passes requests on as they are, and drops answers unread: the status decides. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        private static final byte[] NONE = {};

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            return NONE;
        }
    }
}
