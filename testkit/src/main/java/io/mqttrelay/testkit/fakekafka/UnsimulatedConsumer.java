package io.mqttrelay.testkit.fakekafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/** A consumer whose methods throw unless a subclass simulates them. */
abstract class UnsimulatedConsumer implements Consumer<byte[], byte[]> {
    private static UnsupportedOperationException notSimulated() {
        return new UnsupportedOperationException("this method of the consumer is not simulated");
    }

    @Override
    public Set<String> subscription() {
        throw notSimulated();
    }

    @Override
    public void subscribe(Collection<String> topics) {
        throw notSimulated();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        throw notSimulated();
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        throw notSimulated();
    }

    @Override
    public void subscribe(Pattern pattern) {
        throw notSimulated();
    }

    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        throw notSimulated();
    }

    @Override
    public void subscribe(SubscriptionPattern pattern) {
        throw notSimulated();
    }

    @Override
    public void unsubscribe() {
        throw notSimulated();
    }

    @Override
    public void commitSync() {
        throw notSimulated();
    }

    @Override
    public void commitSync(Duration timeout) {
        throw notSimulated();
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw notSimulated();
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public void commitAsync() {
        throw notSimulated();
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        throw notSimulated();
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        throw notSimulated();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw notSimulated();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw notSimulated();
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        throw notSimulated();
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public long position(TopicPartition partition) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        throw notSimulated();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String name) {
        throw notSimulated();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String name, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        throw notSimulated();
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timestamps) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> timestamps, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        throw notSimulated();
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        throw notSimulated();
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        throw notSimulated();
    }

    @Override
    public void enforceRebalance() {
        throw notSimulated();
    }

    @Override
    public void enforceRebalance(String name) {
        throw notSimulated();
    }

    @Override
    public void close() {
        throw notSimulated();
    }

    @Override
    @Deprecated
    public void close(Duration timeout) {
        throw notSimulated();
    }

    @Override
    public void wakeup() {
        throw notSimulated();
    }
}
