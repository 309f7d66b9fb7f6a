package io.mqttrelay.dispatch.sink.http;

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
import okhttp3.Headers;

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
        MessageHeaders headers = new MessageHeaders(Headers.of());
        new CloudEventsFormat().headers(List.of(message), headers);
        Map<String, String> map = new HashMap<>();
        headers.build().forEach(header -> {
            assertThat(header.getSecond()).matches("[\\x21-\\x7E]+");
            map.put(header.getFirst(), header.getSecond());
        });
        return ReceivedEvent.read(map, new byte[0]);
    }
}
