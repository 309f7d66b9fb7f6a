package io.mqttrelay.testkit.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;

/** A call that moves a Kafka consumer or its group's positions. */
final class PollsOrCommits extends DescribedPredicate<JavaMethodCall> {
    private static final Set<String> METHODS = Set.of("poll", "commitSync", "commitAsync");

    PollsOrCommits() {
        super("polls or commits");
    }

    @Override
    public boolean test(JavaMethodCall call) {
        return METHODS.contains(call.getName()) && call.getTargetOwner().isAssignableTo(Consumer.class);
    }
}
