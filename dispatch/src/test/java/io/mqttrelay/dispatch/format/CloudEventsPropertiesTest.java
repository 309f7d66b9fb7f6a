package io.mqttrelay.dispatch.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.mqttrelay.common.record.RelayMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any topic and client id arrive in the event. */
class CloudEventsPropertiesTest {
    @Provide
    Arbitrary<String> names() {
        Arbitrary<Integer> any = Arbitraries.integers()
                .between(1, 0x10FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
        Arbitrary<Integer> ascii = Arbitraries.integers().between(1, 0x7F);
        return Arbitraries.oneOf(any, ascii)
                .map(Character::toString)
                .list()
                .ofMinSize(1)
                .ofMaxSize(100)
                .map(characters -> String.join("", characters));
    }

    @Property
    void topicAndClientIdComeBack(@ForAll("names") String topic, @ForAll("names") String clientId) {
        CloudEvent event = event(topic, clientId);
        assertThat(event.getSubject()).isEqualTo(topic);
        String source = event.getSource().toString();
        assertThat(source).matches("mqtt://([A-Za-z0-9._~-]|%[0-9A-F]{2})+");
        assertThat(ReceivedEvent.percentDecoded(source)).isEqualTo("mqtt://" + clientId);
    }

    private static CloudEvent event(String topic, String clientId) {
        RelayMessage message = new RelayMessage(
                "id", "app", clientId, 0, topic, 0, false, null, null, null, null, List.of(), new byte[0]);
        Map<String, String> map = new HashMap<>();
        new CloudEventsFormat().headers(List.of(message), new MessageHeaders(map::put));
        assertThat(map.values()).allSatisfy(value -> assertThat(value).matches("[\\x21-\\x7E]+"));
        return ReceivedEvent.read(map, new byte[0]);
    }
}
