package io.mqttrelay.common.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.internals.Topic;

class TopicNamesTest {
    private final TopicNames names = new TopicNames("relay");

    @Example
    void namesAreThePrefixAndTheApp() {
        assertThat(names.messages("123")).isEqualTo("relay.123");
        assertThat(names.replay("a-B-9")).isEqualTo("relay.a-B-9.replay");
        assertThat(names.dead("a.b")).isEqualTo("relay.a_2Eb.dead");
        assertThat(names.messages("a_b")).isEqualTo("relay.a_5Fb");
        assertThat(names.messages("ü/ ")).isEqualTo("relay._C3_BC_2F_20");
    }

    @Example
    void anAppWhoseLongestTopicNameKafkaTakesFits() {
        int most = TopicNames.MAX_LENGTH - "relay..replay".length();
        assertThat(names.fits("a".repeat(most))).isTrue();
        assertThat(names.fits("a".repeat(most + 1))).isFalse();
        assertThat(names.fits("ü".repeat(most / 6))).isTrue();
        assertThat(names.fits("ü".repeat(most / 6 + 1))).isFalse();
    }

    @Provide
    Arbitrary<String> apps() {
        Arbitrary<String> confusing = Arbitraries.strings()
                .withChars("a_.5F2Edeadrplyü-/ ")
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> suffixed = confusing.map(app -> app + ".dead");
        Arbitrary<String> any = Arbitraries.strings().ofMinLength(1).ofMaxLength(12);
        return Arbitraries.oneOf(confusing, suffixed, any.filter(TopicNamesTest::isUnicode));
    }

    private static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private List<String> topics(String app) {
        return new ArrayList<>(List.of(names.messages(app), names.replay(app), names.dead(app)));
    }

    @Property(tries = 3000)
    void noTwoAppsShareATopicNorCollideInKafkasEyes(@ForAll("apps") String one, @ForAll("apps") String other) {
        Assume.that(!one.equals(other));
        for (String a : topics(one)) {
            for (String b : topics(other)) {
                assertThat(Topic.hasCollision(a, b)).as("%s %s", a, b).isFalse();
            }
        }
    }

    @Property
    void kafkaTakesTheNamesOfAnAppThatFits(@ForAll("apps") String app) {
        Assume.that(names.fits(app));
        assertThat(topics(app)).allMatch(Topic::isValid).doesNotHaveDuplicates();
    }
}
