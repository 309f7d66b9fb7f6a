package io.mqttrelay.sink.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import io.mqttrelay.proto.v1.DeliverBatchRequest;
import io.mqttrelay.proto.v1.DeliverBatchResponse;
import io.mqttrelay.proto.v1.DeliverRequest;
import io.mqttrelay.proto.v1.DeliverResponse;
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.proto.v1.ReceiverGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A gRPC server with the service that addresses implement. It records all calls. Any thread. */
final class TestReceiver implements AutoCloseable {
    /** One call as it arrived. */
    record Received(Metadata metadata, List<Message> messages) {
        @Nullable
        String header(String name) {
            return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }

    private final List<Received> calls = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Server server;
    private volatile Function<List<Message>, Status> answer = messages -> Status.OK;
    private volatile Metadata trailers = new Metadata();
    private volatile boolean holds;

    TestReceiver() {
        this(0, InsecureServerCredentials.create(), builder -> builder);
    }

    TestReceiver(int port, ServerCredentials credentials, UnaryOperator<OkHttpServerBuilder> settings) {
        server = settings.apply(OkHttpServerBuilder.forPort(port, credentials)
                        .executor(threads)
                        .addService(ServerInterceptors.intercept(new Service(), new Metadatas())))
                .build();
        try {
            server.start();
        } catch (IOException e) {
            threads.shutdownNow();
            throw new UncheckedIOException(e);
        }
    }

    /** From now on it gives this status. */
    void answer(Status status) {
        answer = messages -> status;
    }

    void answer(Function<List<Message>, Status> byMessages) {
        answer = byMessages;
    }

    /** From now on failures have this metadata. */
    void trailer(String name, String value) {
        Metadata added = new Metadata();
        added.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        trailers = added;
    }

    /** From now on it answers no call. */
    void hold() {
        holds = true;
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "grpc://127.0.0.1:" + port();
    }

    List<Received> calls() {
        return calls;
    }

    Received onlyCall() {
        if (calls.size() != 1) {
            throw new AssertionError(calls.size() + " calls");
        }
        return calls.get(0);
    }

    List<String> ids() {
        List<String> ids = new ArrayList<>();
        calls.forEach(call -> call.messages().forEach(message -> ids.add(message.getId())));
        return ids;
    }

    @Override
    public void close() {
        release.countDown();
        server.shutdownNow();
        threads.shutdownNow();
    }

    private static final class Metadatas implements ServerInterceptor {
        private static final io.grpc.Context.Key<Metadata> KEY = io.grpc.Context.key("metadata");

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            io.grpc.Context context = io.grpc.Context.current().withValue(KEY, headers);
            return io.grpc.Contexts.interceptCall(context, call, headers, next);
        }
    }

    private final class Service extends ReceiverGrpc.ReceiverImplBase {
        @Override
        public void deliver(DeliverRequest request, StreamObserver<DeliverResponse> observer) {
            take(List.of(request.getMessage()), observer, DeliverResponse.getDefaultInstance());
        }

        @Override
        public void deliverBatch(DeliverBatchRequest request, StreamObserver<DeliverBatchResponse> observer) {
            take(request.getMessagesList(), observer, DeliverBatchResponse.getDefaultInstance());
        }

        private <A> void take(List<Message> messages, StreamObserver<A> observer, A accepted) {
            calls.add(new Received(Metadatas.KEY.get(), messages));
            if (holds) {
                awaitRelease();
                return;
            }
            Status status = answer.apply(messages);
            if (status.isOk()) {
                observer.onNext(accepted);
                observer.onCompleted();
            } else {
                observer.onError(status.asRuntimeException(trailers));
            }
        }

        private void awaitRelease() {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
