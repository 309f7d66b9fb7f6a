package io.mqttrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttrelay.common.config.value.Ordering;
import io.mqttrelay.embedded.EmbeddedKafka;
import io.mqttrelay.testkit.http.Answer;
import io.mqttrelay.testkit.http.ReceivedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several messages in one request: bounds, order, and the cost of failures. */
final class BatchIT extends DispatchScene {
    private static final int MESSAGES = 400;
    private static final int TOPICS = 8;
    private static final int MOST = 50;

    private final ObjectMapper json = new ObjectMapper();

    BatchIT(EmbeddedKafka kafka) {
        super(kafka);
    }

    private TestRoute route() {
        return TestRoute.of("r", "app", callback.url("/a")).batch(MOST, 20_000, Duration.ofMillis(50));
    }

    private void write(int number) {
        write("t/" + number % TOPICS, number);
    }

    private void write(String topic, int number) {
        byte[] body = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        records.write(TestRecords.message("app", "r", topic, body));
    }

    private List<Integer> numbers(ReceivedRequest request) {
        try {
            List<Integer> numbers = new ArrayList<>();
            for (JsonNode envelope : json.readTree(request.body())) {
                numbers.add(envelope.get("body").intValue());
            }
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Integer> delivered() {
        return callback.requests("/a").stream()
                .flatMap(request -> numbers(request).stream())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOPIC", "APP", "NONE"})
    void everythingArrivesOnceInFewRequestsAndInOrder(Ordering ordering) {
        started(settings().partitions(ordering == Ordering.APP ? 1 : 3).route(route().ordering(ordering)));
        for (int i = 0; i < MESSAGES; i++) {
            write(i);
        }
        records.flush();

        awaitCommitted("app", MESSAGES);
        List<ReceivedRequest> requests = callback.requests("/a");
        assertThat(requests).hasSizeLessThan(MESSAGES / 4);
        assertThat(requests).allSatisfy(request -> {
            assertThat(numbers(request)).hasSizeBetween(1, MOST);
            assertThat(request.header("relay-batch-size"))
                    .isEqualTo(String.valueOf(numbers(request).size()));
            assertThat(request.body().length).isLessThanOrEqualTo(20_000);
        });
        List<Integer> delivered = delivered();
        assertThat(delivered).doesNotHaveDuplicates().hasSize(MESSAGES);
        if (ordering == Ordering.APP) {
            assertThat(delivered).isSorted();
        } else if (ordering == Ordering.TOPIC) {
            for (int topic = 0; topic < TOPICS; topic++) {
                int of = topic;
                assertThat(delivered.stream().filter(number -> number % TOPICS == of))
                        .isSorted();
            }
        }
    }

    @Test
    void aBatchThatFailedIsSentAgainWithTheSameMembers() {
        callback.on("/a", Answer.first(2, Answer.status(503), Answer.status(200)));
        started(settings().partitions(1).route(route().ordering(Ordering.NONE).maxInFlight(1)));
        for (int i = 0; i < 20; i++) {
            write(i);
        }
        records.flush();
        callback.await("/a", 1, PATIENCE);
        for (int i = 20; i < 40; i++) {
            write(i);
        }
        records.flush();

        awaitCommitted("app", 40);
        List<ReceivedRequest> requests = callback.requests("/a");
        List<ReceivedRequest> first = requests.stream()
                .filter(request -> request.id().equals(requests.get(0).id()))
                .toList();
        assertThat(first).hasSizeGreaterThan(1);
        assertThat(first).allSatisfy(request -> assertThat(numbers(request)).isEqualTo(numbers(first.get(0))));
        assertThat(first).extracting(request -> request.header("relay-attempt")).startsWith("1", "2");
        assertThat(requests.stream()
                        .skip(2)
                        .flatMap(request -> numbers(request).stream())
                        .distinct())
                .hasSize(40);
    }

    @Test
    void aBadMessageDoesNotCondemnItsNeighbours() {
        callback.on(
                "/a",
                exchange ->
                        exchange.answer(numbers(exchange.request()).contains(13) ? 400 : 200, List.of(), new byte[0]));
        started(settings().partitions(1).route(route().retry(0)));
        for (int i = 0; i < 30; i++) {
            write("t", i);
        }
        records.flush();

        ConsumerRecord<byte[], byte[]> letter = dead("app", 1).get(0);
        awaitCommitted("app", 30);
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("13");
        assertThat(header(letter, "relay-dead-reason")).isEqualTo("rejected");
        assertThat(header(letter, "relay-attempts")).isEqualTo("1");
        List<Integer> accepted = callback.requests("/a").stream()
                .filter(request -> !numbers(request).contains(13))
                .flatMap(request -> numbers(request).stream())
                .toList();
        assertThat(accepted).doesNotHaveDuplicates().isSorted().hasSize(29);
        assertThat(callback.requests("/a")).anyMatch(request -> numbers(request).equals(List.of(13)));
    }

    @Test
    void aBatchOutOfAttemptsIsDeadMessageByMessage() {
        callback.on("/a", Answer.status(500));
        started(settings().partitions(1).route(route().retry(1)));
        for (int i = 0; i < 10; i++) {
            write(i);
        }
        records.flush();

        assertThat(dead("app", 10)).allSatisfy(letter -> {
            assertThat(header(letter, "relay-dead-reason")).isEqualTo("retries_exhausted");
            assertThat(header(letter, "relay-attempts")).isEqualTo("2");
        });
        awaitCommitted("app", 10);
    }

    @Test
    void aMessageThatHasExpiredIsLeftOutOfItsBatch() {
        started(settings().partitions(1).route(route()));
        byte[] late = "13".getBytes(StandardCharsets.UTF_8);
        write("t", 1);
        records.write(TestRecords.expiring("app", "r", "t", late, System.currentTimeMillis() - 1000));
        write("t", 2);
        records.flush();

        assertThat(header(dead("app", 1).get(0), "relay-dead-reason")).isEqualTo("expired");
        awaitCommitted("app", 3);
        assertThat(delivered()).containsExactly(1, 2);
    }
}
