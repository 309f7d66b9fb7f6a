package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.bench.wire.SampleMessage;
import io.mqttrelay.common.record.RelayMessage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the creation of a batch request; the time is per message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBenchmark {
    private static final int MESSAGES = 100;

    private final List<RelayMessage> messages = IntStream.range(0, MESSAGES)
            .mapToObj(number -> SampleMessage.of(256))
            .toList();
    private @Nullable RequestForm form;

    /** Creates the route. */
    @Setup
    public void make() throws IOException {
        form = RequestBenchmark.form("\"batch\": {}");
    }

    /** Creates the request of one attempt. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public Request batch() {
        if (form == null) {
            throw new IllegalStateException("not set up");
        }
        return form.request(messages, 1).build();
    }
}
