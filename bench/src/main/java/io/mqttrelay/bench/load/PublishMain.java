package io.mqttrelay.bench.load;

import io.mqttrelay.bench.wire.BenchMessage;
import io.mqttrelay.bench.wire.Parent;
import io.mqttrelay.bench.wire.ProgramArguments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Publishes with QoS 1, at the broker's full speed or at a fixed rate. Ends when all messages are acknowledged. */
public final class PublishMain {
    private static final int WINDOW = 1000;
    private static final int PACKET_IDS = 65_535;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MqttConnection connection;
    private final Semaphore window = new Semaphore(WINDOW);
    private final byte[][] topics;
    private final int bytes;

    private PublishMain(MqttConnection connection, ProgramArguments arguments) {
        this.connection = connection;
        this.bytes = arguments.number("bytes");
        String app = arguments.text("app");
        this.topics = IntStream.range(0, arguments.number("topics"))
                .mapToObj(topic -> (app + "/" + topic).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    public static void main(String[] words) throws IOException, InterruptedException {
        Parent.endWithIt();
        ProgramArguments arguments = ProgramArguments.of(words);
        int records = arguments.number("records");
        int perSecond = arguments.number("per_second");
        int from = arguments.number("from");
        try (MqttConnection connection = new MqttConnection(arguments.number("port"), "bench-publisher")) {
            PublishMain publisher = new PublishMain(connection, arguments);
            Thread reader = new Thread(() -> publisher.readAcknowledgements(records - from), "acknowledgements");
            reader.setDaemon(true);
            reader.start();
            long begin = System.nanoTime();
            if (perSecond == 0) {
                publisher.burst(from, records);
            } else {
                publisher.steadily(from, records, perSecond);
            }
            reader.join();
            System.out.println("published in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        }
    }

    private void burst(int from, int to) throws IOException, InterruptedException {
        for (int number = from; number < to; number++) {
            publish(number);
        }
        connection.flush();
    }

    private void steadily(int from, int to, int perSecond) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int number = from;
        while (number < to) {
            long due = from + (System.nanoTime() - begin) * perSecond / TimeUnit.SECONDS.toNanos(1);
            for (; number < due && number < to; number++) {
                publish(number);
            }
            connection.flush();
            TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
        }
    }

    private void publish(int number) throws IOException, InterruptedException {
        if (!window.tryAcquire()) {
            connection.flush();
            window.acquire();
        }
        BenchMessage message = BenchMessage.of(number, topics.length);
        connection.publish(topics[message.topic()], number % PACKET_IDS + 1, message.payload(bytes));
    }

    private void readAcknowledgements(int records) {
        try {
            for (int i = 0; i < records; i++) {
                connection.readAcknowledgement();
                window.release();
            }
        } catch (IOException e) {
            System.err.println("the MQTT broker has gone: " + e.getMessage());
            Runtime.getRuntime().halt(1);
        }
    }
}
