import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.mqttrelay.proto.v1.DeliverBatchRequest;
import io.mqttrelay.proto.v1.DeliverBatchResponse;
import io.mqttrelay.proto.v1.DeliverRequest;
import io.mqttrelay.proto.v1.DeliverResponse;
import io.mqttrelay.proto.v1.Message;
import io.mqttrelay.proto.v1.ReceiverGrpc;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A receiver of mqtt-relay in Java: prints each message, and refuses those without a payload. Needs grpc-okhttp (or
 * grpc-netty), grpc-protobuf, grpc-stub, and the classes that protoc and protoc-gen-grpc-java make of relay.proto.
 *
 * <p>{@code java ReceiverExample 50051}
 */
public final class ReceiverExample extends ReceiverGrpc.ReceiverImplBase {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    @Override
    public void deliver(DeliverRequest request, StreamObserver<DeliverResponse> answer) {
        if (isEmpty(request.getMessage())) {
            refuse(answer);
            return;
        }
        take(request.getMessage());
        answer.onNext(DeliverResponse.getDefaultInstance());
        answer.onCompleted();
    }

    /** All or nothing: first looks at each message, then handles them. */
    @Override
    public void deliverBatch(DeliverBatchRequest request, StreamObserver<DeliverBatchResponse> answer) {
        if (request.getMessagesList().stream().anyMatch(ReceiverExample::isEmpty)) {
            refuse(answer);
            return;
        }
        request.getMessagesList().forEach(this::take);
        answer.onNext(DeliverBatchResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private static boolean isEmpty(Message message) {
        return message.getPayload().isEmpty();
    }

    private static void refuse(StreamObserver<?> answer) {
        answer.onError(Status.INVALID_ARGUMENT
                .withDescription("the message has no payload")
                .asRuntimeException());
    }

    private void take(Message message) {
        if (seen.add(message.getId())) {
            System.out.println(message.getId() + " " + message.getTopic() + " "
                    + message.getPayload().toStringUtf8());
        }
    }

    public static void main(String[] args) throws Exception {
        Server server = Grpc.newServerBuilderForPort(
                        Integer.parseInt(args[0]), InsecureServerCredentials.create())
                .maxInboundMessageSize(32 * 1024 * 1024)
                .maxInboundMetadataSize(32 * 1024)
                .addService(new ReceiverExample())
                .build()
                .start();
        System.out.println("listening on " + server.getPort());
        server.awaitTermination();
    }
}
