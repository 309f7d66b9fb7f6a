package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.kafka.KafkaClients;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Counts the running dispatchers: the members of their group. */
final class Dispatchers {
    private static final int PATIENCE_SECONDS = 4;

    private Dispatchers() {}

    /** Empty: Kafka does not tell, as when this user may not describe the group. */
    static OptionalInt running(KafkaClients clients, String group) throws InterruptedException {
        try (Admin admin = clients.admin("group")) {
            return OptionalInt.of(Objects.requireNonNull(admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .members()
                    .size());
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupIdNotFoundException ? OptionalInt.of(0) : OptionalInt.empty();
        } catch (TimeoutException | KafkaException e) {
            return OptionalInt.empty();
        }
    }
}
