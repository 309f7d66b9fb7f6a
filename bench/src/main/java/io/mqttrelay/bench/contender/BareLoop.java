package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.common.thread.CallThreads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The upper limit for the same libraries: poll, a thread for each call, commit. It has no order, no retry, and no
 * offsets beyond the contiguous prefix.
 */
final class BareLoop {
    private static final Duration WAIT = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final ExecutorService threads;
    private final Semaphore permits;
    private final Post post;
    private final PollCommits commits = new PollCommits();

    private BareLoop(Work work, Consumer<byte[], byte[]> consumer, ExecutorService threads) {
        this.consumer = consumer;
        this.threads = threads;
        this.permits = new Semaphore(work.inFlight());
        this.post = new Post(work);
        consumer.subscribe(List.of(work.topic()));
    }

    /** A virtual thread for each call, on JVMs that have them. */
    static final class OnVirtualThreads {
        private OnVirtualThreads() {}

        public static void main(String[] words) throws InterruptedException {
            Work work = Work.of(words);
            run(work, CallThreads.create("call", work.inFlight()));
        }
    }

    /** A pool of platform threads. */
    static final class OnPlatformThreads {
        private OnPlatformThreads() {}

        public static void main(String[] words) throws InterruptedException {
            Work work = Work.of(words);
            run(work, Executors.newFixedThreadPool(work.inFlight()));
        }
    }

    private static void run(Work work, ExecutorService threads) throws InterruptedException {
        Parent.endWithIt();
        try (Consumer<byte[], byte[]> consumer = work.consumer()) {
            BareLoop loop = new BareLoop(work, consumer, threads);
            while (true) {
                loop.step();
            }
        }
    }

    private void step() throws InterruptedException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(WAIT);
        if (!records.isEmpty()) {
            PollCommits.Poll poll = commits.begin(records);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                permits.acquire();
                threads.execute(() -> call(record, poll));
            }
        }
        commits.commitWhatIsDone(consumer);
    }

    private void call(ConsumerRecord<byte[], byte[]> record, PollCommits.Poll poll) {
        try {
            post.send(record.value());
            poll.done();
        } finally {
            permits.release();
        }
    }
}
