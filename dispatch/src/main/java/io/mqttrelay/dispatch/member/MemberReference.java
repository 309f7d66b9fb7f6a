package io.mqttrelay.dispatch.member;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Connects the {@link DrainingAssignor} that Kafka's client makes with the consumer loop: the client exists before the
 * loop that owns it. Belongs to the consumer thread.
 */
public final class MemberReference implements DrainingAssignor.Member {
    private DrainingAssignor.@Nullable Member member;

    public void is(DrainingAssignor.Member now) {
        member = now;
    }

    @Override
    public Set<TopicPartition> busy() {
        return member == null ? Set.of() : member.busy();
    }

    @Override
    public void drain(Set<TopicPartition> partitions) {
        if (member != null) {
            member.drain(partitions);
        }
    }
}
