"""A receiver of mqtt-relay in Python: prints each message, and refuses those without a payload.

    protoc -I PROTO --python_out=. --grpc_out=. --plugin=protoc-gen-grpc=$(which grpc_python_plugin) mqttrelay/v1/relay.proto
    python3 receiver.py 50051

PROTO is the folder with mqttrelay/v1/relay.proto. On Debian: apt install protobuf-compiler protobuf-compiler-grpc python3-grpcio
"""

import sys
from concurrent import futures

import grpc

from mqttrelay.v1 import relay_pb2, relay_pb2_grpc


class Receiver(relay_pb2_grpc.ReceiverServicer):
    """Accepts a message once it has handled it. Message.id tells a repeated message."""

    def __init__(self):
        self.seen = set()

    def Deliver(self, request, context):
        self.take(request.message, context)
        return relay_pb2.DeliverResponse()

    def DeliverBatch(self, request, context):
        # all or nothing: first look at each message, then handle them
        for message in request.messages:
            self.check(message, context)
        for message in request.messages:
            self.take(message, context)
        return relay_pb2.DeliverBatchResponse()

    def check(self, message, context):
        if not message.payload:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the message has no payload")

    def take(self, message, context):
        self.check(message, context)
        if message.id in self.seen:
            return
        print(message.id, message.topic, message.payload.decode("utf-8", "replace"), flush=True)
        self.seen.add(message.id)


def main():
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[("grpc.max_receive_message_length", 32 * 1024 * 1024), ("grpc.max_metadata_size", 32 * 1024)],
    )
    relay_pb2_grpc.add_ReceiverServicer_to_server(Receiver(), server)
    port = server.add_insecure_port("127.0.0.1:" + sys.argv[1])
    server.start()
    print("listening on", port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
