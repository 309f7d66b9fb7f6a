package io.mqttrelay.sinktest;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.format.BodyFormat;
import io.mqttrelay.dispatch.format.Content;
import io.mqttrelay.dispatch.format.MessageHeaders;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkCall;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import io.mqttrelay.dispatch.sink.SinkResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Targets with the addresses {@code memory://NAME}. */
public final class MemorySinkProvider implements SinkProvider {
    private static final Pattern NAME = Pattern.compile("[a-z]+");

    /** Called by the service loader. */
    public MemorySinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(new AddressScheme("memory", null, Set.of()));
    }

    @Override
    public @Nullable String check(Destination destination) {
        return NAME.matcher(name(destination)).matches() ? null : "the name of a memory has only the letters a to z";
    }

    private static String name(Destination destination) {
        return destination.address().url().getRawAuthority();
    }

    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        List<String> headers = new ArrayList<>();
        BodyFormat format = BodyFormat.of(destination);
        Content content = format.content(List.of(message));
        MessageHeaders shown = new MessageHeaders((name, value) -> headers.add(name + ": " + value));
        format.headers(List.of(message), 1, shown);
        shown.end();
        return new RequestPreview("KEEP", destination.display(), headers, content.bytes());
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new MemorySinks();
    }

    private static final class MemorySinks implements SinkFactory {
        @Override
        public Sink sink(Destination destination) {
            MemoryTarget target = MemoryTarget.of(name(destination));
            return (messages, attempt) -> new MemoryCall(target, messages);
        }

        @Override
        public void close() {
            // it has nothing to close
        }
    }

    private record MemoryCall(MemoryTarget target, List<RelayMessage> messages) implements SinkCall {
        @Override
        public SinkResult execute() {
            return target.take(messages);
        }

        @Override
        public void cancel() {
            // a call never waits
        }
    }
}
