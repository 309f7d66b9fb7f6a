package io.mqttrelay.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttrelay.ingest.mqtt.wire.Link;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiltersTest {
    @Test
    void aTopicOfNoFilterIsNotWanted() {
        Filters filters = new Filters(TestRoutes.route("r", null, "a/+", "b/#"));
        assertThat(filters.match("a/1")).isTrue();
        assertThat(filters.match("b")).isTrue();
        assertThat(filters.match("a/1/2")).isFalse();
        assertThat(filters.match("c")).isFalse();
    }

    @Test
    void aSharedFilterInTheFileMatchesWhatItShares() {
        Filters filters = new Filters(TestRoutes.route("r", null, "$share/group/a/+"));
        assertThat(filters.match("a/1")).isTrue();
        assertThat(filters.match("$share/group/a/1")).isFalse();
    }

    @Test
    void aSharedGroupIsPutBeforeEachFilterAndBehindTheClientId() {
        var route = TestRoutes.route("r", "g", "a/+", "b/#");
        assertThat(Filters.toSubscribe(route))
                .containsExactly(new Link.Filter("$share/g/a/+", 1), new Link.Filter("$share/g/b/#", 1));
        assertThat(new Filters(route).match("a/1")).isTrue();
        assertThat(ClientIds.of(route, "pod-1")).isEqualTo("r-pod-1");
        assertThat(ClientIds.of(TestRoutes.route("r"), "pod-1")).isEqualTo("r");
    }

    @Test
    void deniesFiltersNotGrantedAsAsked() {
        List<Link.Filter> asked = List.of(
                new Link.Filter("full", 1),
                new Link.Filter("more", 0),
                new Link.Filter("less", 2),
                new Link.Filter("refused", 0),
                new Link.Filter("unanswered", 0));
        assertThat(Filters.denied(asked, List.of(1, 1, 1, 0x80)).values())
                .hasSize(3)
                .anyMatch(text -> text.contains("less QoS 1 only, not 2"))
                .anyMatch(text -> text.contains("refused (0x80)"))
                .anyMatch(text -> text.contains("unanswered"));
    }
}
