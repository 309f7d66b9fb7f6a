package io.mqttrelay.testkit.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;

/** Matches calls that poll a Kafka consumer or commit offsets. */
final class PollsOrCommits extends DescribedPredicate<JavaMethodCall> {
    private static final Set<String> METHODS = Set.of("poll", "commitSync", "commitAsync");

    PollsOrCommits() {
        super("polls or commits");
    }

    @Override
    public boolean test(JavaMethodCall call) {
        return METHODS.contains(call.getName())
                && call.getTargetOwner().isAssignableTo(Consumer.class)
                && !call.getOriginOwner().isAssignableTo(Consumer.class); // a wrapping consumer may
    }
}
