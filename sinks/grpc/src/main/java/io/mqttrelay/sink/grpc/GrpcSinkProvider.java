package io.mqttrelay.sink.grpc;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.common.text.Printable;
import io.mqttrelay.dispatch.sink.PreviewContext;
import io.mqttrelay.dispatch.sink.RequestPreview;
import io.mqttrelay.dispatch.sink.SinkContext;
import io.mqttrelay.dispatch.sink.SinkFactory;
import io.mqttrelay.dispatch.sink.SinkProvider;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * gRPC services, as targets with the addresses {@code grpc://HOST:PORT} and {@code grpcs://HOST:PORT}. Stateless. Loads
 * no class of the gRPC library before an address is previewed or opened, so a relay without such addresses pays nothing.
 */
public final class GrpcSinkProvider implements SinkProvider {
    private static final int TLS_PORT = 443;

    private static final Set<String> SETTINGS = Set.of(
            AddressScheme.HEADERS,
            AddressScheme.SIGNING_SECRETS,
            AddressScheme.MESSAGE_FORMAT,
            AddressScheme.TEMPLATE,
            AddressScheme.BATCH);
    private static final Set<String> SETTINGS_WITH_TLS = Set.of(
            AddressScheme.HEADERS,
            AddressScheme.SIGNING_SECRETS,
            AddressScheme.MESSAGE_FORMAT,
            AddressScheme.TEMPLATE,
            AddressScheme.BATCH,
            AddressScheme.TLS);

    private static final AddressScheme GRPC = new AddressScheme("grpc", 80, SETTINGS);
    private static final AddressScheme GRPCS = new AddressScheme("grpcs", TLS_PORT, SETTINGS_WITH_TLS);

    private static final Pattern METADATA_NAME = Pattern.compile("[0-9a-z_.-]+");
    private static final Pattern METADATA_VALUE = Pattern.compile("[\\x20-\\x7E]*");

    /** Set by HTTP/2 or by the gRPC library itself. */
    private static final Set<String> RESERVED =
            Set.of("connection", "content-length", "content-type", "host", "te", "transfer-encoding", "user-agent");

    /** Called by the service loader. */
    public GrpcSinkProvider() {}

    @Override
    public List<AddressScheme> schemes() {
        return List.of(GRPC, GRPCS);
    }

    @Override
    public @Nullable String check(Destination destination) {
        URI url = destination.address().url();
        if (url.getHost() == null) {
            return "the host name has a character that gRPC does not allow, such as an underscore";
        }
        if (url.getPort() < 0) {
            return "must have a port: " + url.getScheme() + "://HOST:PORT";
        }
        if (url.getRawQuery() != null || !isEmptyPath(url.getRawPath())) {
            return "must have no path and no query: the relay calls the method mqttrelay.v1.Receiver/Deliver";
        }
        for (Map.Entry<String, Secret> header : destination.request().headers().entrySet()) {
            String problem = headerProblem(header.getKey(), header.getValue());
            if (problem != null) {
                return "the header " + Printable.cut(header.getKey()) + " " + problem;
            }
        }
        Destination.Request request = destination.request();
        return request.template() != null && request.batch() != null
                ? "has a template and batch: the size of a batch could not be known before its templates are evaluated"
                : null;
    }

    private static boolean isEmptyPath(@Nullable String path) {
        return path == null || path.isEmpty() || path.equals("/");
    }

    private static @Nullable String headerProblem(String written, Secret value) {
        String name = written.toLowerCase(Locale.ROOT);
        if (!METADATA_NAME.matcher(name).matches()) {
            return "has a character in its name that gRPC does not allow: letters, digits, _, . and - remain";
        }
        if (name.endsWith("-bin")) {
            return "ends in -bin, which gRPC keeps for binary values";
        }
        if (name.startsWith("grpc-") || RESERVED.contains(name)) {
            return "is set by gRPC itself";
        }
        return METADATA_VALUE.matcher(value.reveal()).matches()
                ? null
                : "has a value beyond printable ASCII, which gRPC does not allow";
    }

    @Override
    public RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context) {
        return GrpcPreview.of(destination, message, context);
    }

    @Override
    public SinkFactory open(SinkContext context) {
        return new GrpcSinks(context);
    }
}
