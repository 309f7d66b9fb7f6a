package io.mqttrelay.sink.jdbc;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import io.mqttrelay.dispatch.sink.UnshapedMessageException;
import io.mqttrelay.dispatch.sink.UnusableAddressException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Databases: addresses {@code jdbc://NAME} with a statement. Stateless. */
public final class JdbcSinkProvider implements SinkProvider {
    private static final Set<String> SETTINGS =
            Set.of(AddressScheme.STATEMENT, AddressScheme.BATCH, AddressScheme.TEMPLATE, AddressScheme.TEMPLATE_PARAMS);

    /** Called by the service loader. */
    public JdbcSinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(new AddressScheme("jdbc", null, SETTINGS));
    }

    @Override
    public @Nullable String check(Destination destination) {
        try {
            JdbcAddress.of(destination);
            return null;
        } catch (JdbcAddress.UnusableException e) {
            return e.getMessage();
        }
    }

    /** The statement as the operator wrote it, and the value of each parameter. */
    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        try {
            JdbcAddress address = JdbcAddress.of(destination);
            List<Parameter> parameters = address.statement().statement().parameters();
            List<@Nullable Object> values = address.statement().bindings().values(message);
            Set<String> shown = new LinkedHashSet<>();
            for (int i = 0; i < parameters.size(); i++) {
                shown.add(parameters.get(i) + ": " + shown(values.get(i)));
            }
            String text = String.valueOf(destination.request().statement());
            return new RequestPreview(
                    "RUN",
                    destination.display() + " in " + address.url().display(),
                    new ArrayList<>(shown),
                    text.getBytes(StandardCharsets.UTF_8));
        } catch (JdbcAddress.UnusableException e) {
            throw new UnusableAddressException(destination.display() + ": " + e.getMessage());
        } catch (UnprocessableException e) {
            throw new UnshapedMessageException(String.valueOf(e.getMessage()));
        }
    }

    /** As a literal of SQL, for people: the database gets it as a value beside the statement. */
    private static String shown(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "X'" + HexFormat.of().formatHex(bytes) + "'";
        }
        return value instanceof String text ? "'" + text.replace("'", "''") + "'" : String.valueOf(value);
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new JdbcSinks(context);
    }
}
