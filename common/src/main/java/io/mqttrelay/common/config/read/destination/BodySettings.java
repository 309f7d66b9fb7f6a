package io.mqttrelay.common.config.read.destination;

import io.mqttrelay.common.config.destination.AddressScheme;
import io.mqttrelay.common.config.destination.Batch;
import io.mqttrelay.common.config.destination.MessageFormat;
import io.mqttrelay.common.config.destination.Template;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.SwitchableType.Switch;
import org.jspecify.annotations.Nullable;

/** Resolves the format of the bodies of one address, from {@code message_format}, {@code template} and {@code batch}. */
final class BodySettings {
    private BodySettings() {}

    /** The template that takes effect; null: none. The address's own setting of the two counts more than the route's. */
    static @Nullable Template template(DestinationFields fields, AddressScheme scheme) {
        Fields written = fields.find(DestinationSection.TEMPLATE);
        if (written == null || !scheme.has(AddressScheme.TEMPLATE)) {
            return null;
        }
        boolean overruled = scheme.has(AddressScheme.MESSAGE_FORMAT)
                && isFormatGiven(fields)
                && fields.get(DestinationSection.MESSAGE_FORMAT) != MessageFormat.TEMPLATE;
        if (overruled && fields.isOwn(DestinationSection.TEMPLATE)) {
            fields.source(DestinationSection.TEMPLATE)
                    .warn(DestinationSection.TEMPLATE, "has no effect: message_format is not template");
        }
        return overruled ? null : TemplateSection.template(written, scheme);
    }

    /** Whether a {@code message_format} stands beside the template, or nearer to the address. */
    private static boolean isFormatGiven(DestinationFields fields) {
        return fields.isOwn(DestinationSection.MESSAGE_FORMAT)
                || (!fields.isOwn(DestinationSection.TEMPLATE)
                        && fields.route().has(DestinationSection.MESSAGE_FORMAT));
    }

    static MessageFormat format(DestinationFields fields, AddressScheme scheme, @Nullable Template template) {
        if (template != null) {
            return MessageFormat.TEMPLATE;
        }
        MessageFormat format = scheme.has(AddressScheme.MESSAGE_FORMAT)
                ? fields.get(DestinationSection.MESSAGE_FORMAT)
                : MessageFormat.RAW;
        if (format == MessageFormat.TEMPLATE && fields.find(DestinationSection.TEMPLATE) == null) {
            fields.source(DestinationSection.MESSAGE_FORMAT)
                    .problem(DestinationSection.MESSAGE_FORMAT, "needs a template beside it");
        }
        return format;
    }

    static @Nullable Batch batch(DestinationFields fields) {
        Switch<Fields> batch = fields.find(DestinationSection.BATCH);
        if (batch == null || batch.on() == null) {
            return null;
        }
        Batch settings = BatchSection.batch(batch.on());
        if (settings.format() == Batch.Format.ENVELOPES
                && fields.source(DestinationSection.MESSAGE_FORMAT).has(DestinationSection.MESSAGE_FORMAT)
                && fields.get(DestinationSection.MESSAGE_FORMAT) != MessageFormat.ENVELOPE) {
            fields.source(DestinationSection.MESSAGE_FORMAT)
                    .warn(
                            DestinationSection.MESSAGE_FORMAT,
                            "has no effect beside batch: a batch is an array of envelopes");
        }
        return settings;
    }
}
