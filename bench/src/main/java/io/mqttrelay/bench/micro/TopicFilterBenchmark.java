package io.mqttrelay.bench.micro;

import io.mqttrelay.common.topic.TopicFilter;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the match of a topic filter with a message's topic. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TopicFilterBenchmark {
    private static final String TOPIC = "site/berlin/hall/7/machine/42/temperature";

    /** Without wildcards, with single-level wildcards, with a multi-level wildcard. */
    @Param({"site/berlin/hall/7/machine/42/temperature", "site/+/hall/+/machine/+/temperature", "site/berlin/#"})
    public String filter = "#";

    private TopicFilter parsed = TopicFilter.parse(filter);

    /** Parses the filter of this run. */
    @Setup
    public void parse() {
        parsed = TopicFilter.parse(filter);
    }

    /** Matches one topic. */
    @Benchmark
    public boolean matches() {
        return parsed.matches(TOPIC);
    }
}
