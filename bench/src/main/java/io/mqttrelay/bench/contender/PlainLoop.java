package io.mqttrelay.bench.contender;

import io.mqttrelay.bench.wire.Parent;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The usual first version of a service: poll, one call after another, commit. */
final class PlainLoop {
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private PlainLoop() {}

    public static void main(String[] words) throws InterruptedException {
        Parent.endWithIt();
        Work work = Work.of(words);
        Post post = new Post(work);
        try (Consumer<byte[], byte[]> consumer = work.consumer()) {
            consumer.subscribe(List.of(work.topic()));
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
                    untilAccepted(post, record.value());
                }
                consumer.commitSync();
            }
        }
    }

    private static void untilAccepted(Post post, byte[] payload) throws InterruptedException {
        while (true) {
            try {
                post.send(payload);
                return;
            } catch (IllegalStateException e) {
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }
}
