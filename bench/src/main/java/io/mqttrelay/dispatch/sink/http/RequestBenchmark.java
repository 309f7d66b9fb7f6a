package io.mqttrelay.dispatch.sink.http;

import io.mqttrelay.bench.wire.SampleMessage;
import io.mqttrelay.common.config.Route;
import io.mqttrelay.common.config.read.ConfigReader;
import io.mqttrelay.common.config.read.ConfigResult;
import io.mqttrelay.common.record.RelayMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Measures the creation of a request: headers, body, and the signature if there is a secret. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    private static final String SECRET =
            ", \"signing_secrets\": [\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"]";

    /** As in the configuration. */
    @Param({"raw", "envelope", "cloudevents"})
    public String format = "raw";

    /** Whether requests are signed. */
    @Param({"false", "true"})
    public boolean signed;

    /** Bytes of the JSON payload. */
    @Param({"256", "16384"})
    public int bytes = 256;

    private Made made = new Made(null, List.of());

    private record Made(@Nullable RequestForm form, List<RelayMessage> messages) {}

    /** Creates the route of this run. */
    @Setup
    public void make() throws IOException {
        String keys = "\"message_format\": \"" + format + "\"" + (signed ? SECRET : "");
        made = new Made(form(keys), List.of(SampleMessage.of(bytes)));
    }

    /** The form of a route with these additional configuration keys. */
    static RequestForm form(String keys) throws IOException {
        Path file = Files.createTempFile("request-benchmark-", ".json");
        try {
            Files.writeString(file, """
                    {"mqtt_brokers": [{"client_id": "app", "broker_ip": "127.0.0.1", "sub_deal_config": {
                       "app_id": "app", "subTopic": {"topic": "#", "qos": 1}, %s,
                       "callbackAddress": "http://127.0.0.1:8080/a"}}]}
                    """.formatted(keys));
            Route route = route(ConfigReader.read(file, name -> null));
            return RequestForm.of(route, route.addresses().get(0), Clock.systemUTC(), "mqtt-relay/bench");
        } finally {
            Files.delete(file);
        }
    }

    private static Route route(ConfigResult result) {
        if (result instanceof ConfigResult.Valid valid) {
            return valid.config().routes().get(0);
        }
        throw new IllegalStateException(result.toString());
    }

    /** Creates the request of one attempt. */
    @Benchmark
    public Request request() {
        RequestForm form = made.form();
        if (form == null) {
            throw new IllegalStateException("not set up");
        }
        return form.request(made.messages(), 1).build();
    }
}
