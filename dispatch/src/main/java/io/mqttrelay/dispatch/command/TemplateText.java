package io.mqttrelay.dispatch.command;

import io.mqttrelay.common.config.destination.Destination;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.record.RelayMessage;
import io.mqttrelay.dispatch.template.Condition;
import io.mqttrelay.dispatch.template.MessageShape;
import io.mqttrelay.dispatch.template.Shaped;
import org.jspecify.annotations.Nullable;

/** Explains the decisions of conditions, and the errors of templates. */
final class TemplateText {
    private TemplateText() {}

    /** The reason why a message is not delivered to a destination; null: it is. */
    static @Nullable String undelivered(Destination destination, RelayMessage message) {
        String appName = destination.owner().appName();
        Condition.Decision decision = Condition.of(destination.when(), appName).decide(message);
        if (decision instanceof Condition.Decision.Exclude) {
            return "not delivered, when is false: " + destination.when();
        }
        if (decision instanceof Condition.Decision.Undecided undecided) {
            return of(undecided.why());
        }
        Template template = destination.request().template();
        return template != null && MessageShape.of(template, appName).shape(message) instanceof Shaped.Unshaped why
                ? of(why)
                : null;
    }

    private static String of(Shaped.Unshaped why) {
        return (why.again() ? "tried again, " : "becomes a dead letter unprocessable, ") + why.error();
    }
}
