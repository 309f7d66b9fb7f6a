package io.mqttrelay.common.config.read;

import io.mqttrelay.common.egress.Egress;
import io.mqttrelay.common.egress.EgressRule;
import io.mqttrelay.common.settings.ChoiceType;
import io.mqttrelay.common.settings.Fields;
import io.mqttrelay.common.settings.Key;
import io.mqttrelay.common.settings.ListType;
import io.mqttrelay.common.settings.Section;
import io.mqttrelay.common.settings.TextType;
import io.mqttrelay.common.settings.TextType.WrongException;
import io.mqttrelay.common.settings.Texts;
import java.util.List;

/** The section {@code egress}. */
final class EgressReader {
    private static final int MOST_RULES = 10_000;
    private static final ListType<EgressRule> RULES = ListType.of(
            TextType.of("IP address, range (`10.0.0.0/8`), host name or `*.name`", (text, value) -> rule(text)),
            0,
            MOST_RULES);

    private static final Key<Egress.Mode> MODE = Key.withDefault(
            "mode",
            ChoiceType.of(Egress.Mode.class),
            Egress.Mode.ANY,
            "\"any\"",
            "what is allowed where neither list speaks of an address. `any`: all but link-local addresses and those of"
                    + " cloud metadata; `public_only`: the public Internet, so no private, loopback or reserved address"
                    + " either; `listed_only`: nothing");
    private static final Key<List<EgressRule>> ALLOW = Key.withDefault(
            "allow",
            RULES,
            List.of(),
            "[]",
            "allowed whatever `mode` says, metadata addresses included. A host name is that of the callback's URL, and"
                    + " allows whatever address it leads to");
    private static final Key<List<EgressRule>> DENY =
            Key.withDefault("deny", RULES, List.of(), "[]", "denied, even if `allow` has it too");

    static final Section SECTION = new Section(
            "egress",
            "Which addresses callbacks may lead to: looked at for every connection, after the host name's look-up."
                    + " Kafka and the MQTT brokers are not concerned. See [security](security.md#egress).",
            List.of(MODE, ALLOW, DENY));

    private EgressReader() {}

    private static EgressRule rule(String text) throws WrongException {
        Texts.nonEmpty(text);
        try {
            return EgressRule.parse(text);
        } catch (IllegalArgumentException e) {
            throw WrongException.was(String.valueOf(e.getMessage()), text);
        }
    }

    static Egress egress(Fields fields) {
        return new Egress(fields.get(MODE), fields.get(ALLOW), fields.get(DENY));
    }
}
