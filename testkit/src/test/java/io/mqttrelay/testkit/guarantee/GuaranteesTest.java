package io.mqttrelay.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.testkit.guarantee.OffsetsNeverPass.Sample;
import io.mqttrelay.testkit.guarantee.OffsetsNeverPass.Stored;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each check passes for a run that keeps its guarantee, and fails for runs that break it. */
class GuaranteesTest {
    private static final String A = "http://a";
    private static final String B = "http://b";
    private static final List<Sent> SENT = List.of(sent("m1", "t/x"), sent("m2", "t/x"), sent("m3", "t/y"));

    @Nested
    class NoLossCheck {
        private final List<Expectation> expectations =
                List.of(Expectation.of(A, "t/#"), Expectation.of(B, "t/#").excluding("t/y"));

        @Test
        void holdsWhenEachMessageIsDeliveredOrDeadWhereItBelongs() {
            List<Delivery> deliveries = List.of(ok(A, "m1"), ok(A, "m2"), ok(A, "m3"), ok(B, "m1"));
            assertThat(NoLoss.check(SENT, deliveries, List.of(new Dead(B, "m2")), expectations)
                            .offences())
                    .isEmpty();
        }

        @Test
        void namesALostMessageAndItsAddress() {
            List<Delivery> deliveries = List.of(ok(A, "m1"), ok(A, "m2"), ok(A, "m3"), ok(B, "m1"));
            assertThat(NoLoss.check(SENT, deliveries, List.of(), expectations).offences())
                    .containsExactly("lost m2 on t/x at " + B);
        }

        @Test
        void aRefusedAttemptIsNoDelivery() {
            List<Delivery> deliveries = List.of(failed(A, "m1"));
            assertThat(NoLoss.check(SENT.subList(0, 1), deliveries, List.of(), List.of(Expectation.of(A, "#")))
                            .offences())
                    .containsExactly("lost m1 on t/x at " + A);
        }

        @Test
        void namesAnExcludedMessageThatArrived() {
            List<Delivery> deliveries =
                    List.of(ok(A, "m1"), ok(A, "m2"), ok(A, "m3"), ok(B, "m1"), ok(B, "m2"), ok(B, "m3"));
            assertThat(NoLoss.check(SENT, deliveries, List.of(), expectations).offences())
                    .containsExactly("not wanted m3 on t/y at " + B);
        }

        @Test
        void namesAnUnexpectedAddress() {
            List<Delivery> deliveries = List.of(ok("http://stranger", "m1"));
            assertThat(NoLoss.check(List.of(), deliveries, List.of(), expectations)
                            .offences())
                    .singleElement()
                    .asString()
                    .contains("http://stranger");
        }
    }

    @Nested
    class OrderCheck {
        @Test
        void holdsForRetriesAndForOtherTopicsInBetween() {
            List<Delivery> deliveries = List.of(failed(A, "m1"), ok(A, "m3", "t/y"), ok(A, "m1"), ok(A, "m2"));
            assertThat(Order.perTopic(SENT, deliveries).offences()).isEmpty();
        }

        @Test
        void aMessageThatOvertookItsPredecessorIsNamed() {
            List<Delivery> deliveries = List.of(ok(A, "m2"), ok(A, "m1"));
            assertThat(Order.perTopic(SENT, deliveries).offences()).containsExactly("m1 after m2 at http://a t/x");
        }

        @Test
        void aRetryThatComesAfterALaterMessageIsNamed() {
            List<Delivery> deliveries = List.of(failed(A, "m1"), failed(A, "m2"), ok(A, "m1"), ok(A, "m2"));
            assertThat(Order.perTopic(SENT, deliveries).holds()).isFalse();
        }

        @Test
        void aRewindIsAllowedAfterADeclaredCrashOnly() {
            Delivery again = new Delivery(A, "t/x", "m1", "", true, 1, 0);
            assertThat(Order.perTopic(SENT, List.of(ok(A, "m2"), again)).holds())
                    .isTrue();
        }

        @Test
        void acrossTopicsOnlyOneSequenceCounts() {
            List<Delivery> deliveries = List.of(ok(A, "m3", "t/y"), ok(A, "m2"));
            assertThat(Order.perTopic(SENT, deliveries).holds()).isTrue();
            assertThat(Order.overall(SENT, deliveries).holds()).isFalse();
        }

        @Test
        void firstPerTopicIgnoresRepetitions() {
            List<Delivery> again = List.of(ok(A, "m1"), ok(A, "m2"), ok(A, "m1"), ok(A, "m3", "t/y"));
            assertThat(Order.perTopic(SENT, again).holds()).isFalse();
            assertThat(Order.firstPerTopic(SENT, again).holds()).isTrue();
            assertThat(Order.firstPerTopic(SENT, List.of(ok(A, "m2"), ok(A, "m1")))
                            .holds())
                    .isFalse();
        }
    }

    @Nested
    class DuplicatesCheck {
        @Test
        void oneMessageAtTwoAddressesIsNone() {
            assertThat(Duplicates.none(List.of(failed(A, "m1"), ok(A, "m1"), ok(B, "m1")))
                            .holds())
                    .isTrue();
        }

        @Test
        void aMessageAcceptedTwiceIsNamed() {
            assertThat(Duplicates.none(List.of(ok(A, "m1"), ok(A, "m1"))).offences())
                    .containsExactly("m1 at http://a accepted 2 times");
        }

        @Test
        void theWholeRunHasOneAllowance() {
            List<Delivery> deliveries = List.of(ok(A, "m1"), ok(A, "m1"), ok(A, "m2"), ok(A, "m2"));
            assertThat(Duplicates.atMost(2, deliveries).holds()).isTrue();
            assertThat(Duplicates.atMost(1, deliveries).holds()).isFalse();
        }
    }

    @Nested
    class BytesCheck {
        @Test
        void holdsForTheSamePayloadOnTheSameTopic() {
            assertThat(Bytes.check(SENT, List.of(ok(A, "m1"))).holds()).isTrue();
        }

        @Test
        void namesOtherBytesAnotherTopicAndAStranger() {
            List<Delivery> deliveries =
                    List.of(new Delivery(A, "t/x", "m1", "other", true, 0, 0), ok(A, "m2", "t/z"), ok(A, "m9"));
            assertThat(Bytes.check(SENT, deliveries).offences())
                    .containsExactly(
                            "m1 at http://a has other bytes",
                            "m2 at http://a came as t/z, not t/x",
                            "m9 at http://a was never sent");
        }
    }

    @Nested
    class OffsetsCheck {
        private final List<Stored> stored =
                List.of(new Stored("app-0", 0, "m1", "t/x"), new Stored("app-0", 2, "m2", "t/x"));
        private final List<Expectation> expectations = List.of(Expectation.of(A, "#"));

        @Test
        void holdsWhenTheOffsetFollowsTheDeliveries() {
            List<Sample> samples =
                    List.of(new Sample("app-0", 0, 5), new Sample("app-0", 2, 15), new Sample("app-0", 3, 25));
            assertThat(OffsetsNeverPass.check(
                                    samples, stored, List.of(at(10, "m1"), at(20, "m2")), List.of(), expectations)
                            .offences())
                    .isEmpty();
        }

        @Test
        void namesAnOffsetThatPassedAnOpenMessage() {
            List<Sample> samples = List.of(new Sample("app-0", 3, 15));
            assertThat(OffsetsNeverPass.check(
                                    samples, stored, List.of(at(10, "m1"), at(20, "m2")), List.of(), expectations)
                            .offences())
                    .containsExactly("app-0 committed 3 before m2 at 2 was settled");
        }

        @Test
        void aDeadOrExcludedMessageMayBePassed() {
            List<Sample> samples = List.of(new Sample("app-0", 3, 15));
            List<Delivery> deliveries = List.of(at(10, "m1"));
            assertThat(OffsetsNeverPass.check(samples, stored, deliveries, List.of(new Dead(A, "m2")), expectations)
                            .holds())
                    .isTrue();
            assertThat(OffsetsNeverPass.check(
                                    samples,
                                    stored,
                                    List.of(),
                                    List.of(),
                                    List.of(expectations.get(0).excluding("t/")))
                            .holds())
                    .isTrue();
        }

        @Test
        void namesAnOffsetThatWentBack() {
            List<Sample> samples = List.of(new Sample("app-0", 2, 15), new Sample("app-0", 0, 16));
            assertThat(OffsetsNeverPass.check(samples, stored, List.of(at(10, "m1")), List.of(), expectations)
                            .offences())
                    .containsExactly("app-0 went back from 2 to 0");
        }

        private Delivery at(long nanos, String id) {
            return new Delivery(A, "t/x", id, "", true, 0, nanos);
        }
    }

    @Test
    void aBrokenVerdictFailsTheTestAndNamesTheFirstTen() {
        List<String> offences = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            offences.add("lost m" + i);
        }
        assertThatThrownBy(() -> new Verdict("no loss", "12 sent", offences).assertHolds())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("BROKEN 12 times")
                .hasMessageContaining("lost m10")
                .hasMessageNotContaining("lost m11")
                .hasMessageContaining("2 more");
    }

    private static Sent sent(String id, String topic) {
        return new Sent(id, topic, "sha-" + id);
    }

    private static Delivery ok(String address, String id) {
        return ok(address, id, "t/x");
    }

    private static Delivery ok(String address, String id, String topic) {
        return new Delivery(address, topic, id, "sha-" + id, true, 0, 0);
    }

    private static Delivery failed(String address, String id) {
        return new Delivery(address, "t/x", id, "sha-" + id, false, 0, 0);
    }
}
