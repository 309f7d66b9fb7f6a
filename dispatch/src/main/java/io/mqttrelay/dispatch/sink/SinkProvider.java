package io.mqttrelay.dispatch.sink;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.record.RelayMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A kind of target: the schemes of its addresses, and the sinks that send messages to them. A module adds a kind of
 * target by a public class with a public constructor without parameters, and by its name in {@code
 * META-INF/services/io.mqttrelay.dispatch.sink.SinkProvider}. Nothing else in the relay names it.
 *
 * <p><b>Life cycle.</b> A process makes one instance and calls {@link #schemes} once. {@link #check} and {@link #preview}
 * may be called any number of times, also in a process that never opens a sink. {@link #open} is called at most once,
 * before the first address with one of the schemes is served; {@link SinkFactory#close} is the last call.
 *
 * <p><b>Threads.</b> Every method may be called on any thread, {@link #open} on one at a time.
 *
 * <p><b>Guarantees of the relay.</b> A provider gets only destinations with its own schemes, whose URLs have passed the
 * checks that the configuration makes for all schemes, and which have only the settings that the scheme names. Where the
 * URL names an entry of {@code targets}, {@link Destination#target} is that entry. Retries,
 * order, limits, circuit breaker and dead letters are the relay's: one call is one attempt.
 *
 * <p><b>Guarantees of a provider.</b> The constructor, {@link #schemes} and {@link #check} open no file and no connection;
 * {@link #preview} opens no connection. No text that a provider returns or throws has a secret of the address in it. A
 * connection to a host is made only if {@link SinkContext#egress} allows its IP address.
 */
public interface SinkProvider {
    /** The schemes of its addresses; no other provider may have one of them. */
    List<AddressScheme> schemes();

    /**
     * Checks a destination beyond the rules for all: when a configuration is validated, and before an address is
     * opened.
     *
     * @return the problem in one line for people; null: none
     */
    @Nullable
    String check(Destination destination);

    /**
     * Makes the request of the first attempt as {@link Sink#call} would send it, with the address's secrets hidden.
     *
     * @param message of the destination's route
     * @throws UnusableAddressException if the address cannot be called as configured
     * @throws UnshapedMessageException if a template or a parameter fails on the message
     */
    RequestPreview preview(Destination destination, RelayMessage message, PreviewContext context);

    /** Opens the resources that the sinks of all addresses share. Makes no connection yet. */
    SinkFactory open(SinkContext context);
}
