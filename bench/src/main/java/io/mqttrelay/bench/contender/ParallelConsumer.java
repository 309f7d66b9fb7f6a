package io.mqttrelay.bench.contender;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.mqttrelay.bench.wire.Parent;
import java.util.List;

/** Confluent's Parallel Consumer with calls by OkHttp. */
final class ParallelConsumer {
    private ParallelConsumer() {}

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

    static ParallelConsumerOptions<byte[], byte[]> options(Work work, ProcessingOrder order) {
        return ParallelConsumerOptions.<byte[], byte[]>builder()
                .consumer(work.consumer())
                .ordering(order)
                .maxConcurrency(work.inFlight())
                // the check reads private fields of a consumer, which newer clients keep elsewhere
                .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(true)
                .build();
    }

    private static void run(Work work, ProcessingOrder order) {
        Parent.endWithIt();
        Post post = new Post(work);
        ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(options(work, order));
        processor.subscribe(List.of(work.topic()));
        processor.poll(context -> post.send(context.value()));
    }
}
