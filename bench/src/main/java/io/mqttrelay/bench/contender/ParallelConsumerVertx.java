package io.mqttrelay.bench.contender;

import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.vertx.VertxParallelEoSStreamProcessor;
import io.mqttrelay.bench.wire.Parent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;

/** Confluent's Parallel Consumer with its Vert.x module: no thread waits for a call. */
final class ParallelConsumerVertx {
    private ParallelConsumerVertx() {}

    /** Keeps the order of one key's records. */
    static final class ByKey {
        private ByKey() {}

        public static void main(String[] words) {
            run(Work.of(words), ProcessingOrder.KEY);
        }
    }

    /** Keeps no order. */
    static final class Unordered {
        private Unordered() {}

        public static void main(String[] words) {
            run(Work.of(words), ProcessingOrder.UNORDERED);
        }
    }

    private static void run(Work work, ProcessingOrder order) {
        Parent.endWithIt();
        Vertx vertx = Vertx.vertx();
        WebClient client = WebClient.create(vertx, new WebClientOptions().setMaxPoolSize(work.inFlight()));
        VertxParallelEoSStreamProcessor<byte[], byte[]> processor =
                new VertxParallelEoSStreamProcessor<>(vertx, client, ParallelConsumer.options(work, order));
        HttpRequest<Buffer> request = client.postAbs(work.url()).putHeader("content-type", "application/json");
        processor.subscribe(List.of(work.topic()));
        processor.vertxFuture(context ->
                request.copy().sendBuffer(Buffer.buffer(context.value())).compose(ParallelConsumerVertx::accepted));
    }

    private static Future<Void> accepted(HttpResponse<Buffer> response) {
        int status = response.statusCode();
        return status >= 200 && status < 300 ? Future.succeededFuture() : Future.failedFuture("status " + status);
    }
}
