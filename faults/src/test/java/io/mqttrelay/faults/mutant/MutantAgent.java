package io.mqttrelay.faults.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import java.util.EnumMap;
import java.util.Map;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** Changes one method of the program as it is loaded; the argument is the name of a {@link Mutant}. */
public final class MutantAgent {
    private static final String INGEST = "io.mqttrelay.ingest.";
    private static final String DISPATCH = "io.mqttrelay.dispatch.";

    /**
     * A change of the program.
     *
     * @param type binary name
     * @param advice the code that is added
     */
    record Change(String type, String method, Class<?> advice) {}

    private MutantAgent() {}

    public static void premain(String mutant, Instrumentation instrumentation) {
        Change change = changes().get(Mutant.valueOf(mutant));
        if (change != null) {
            apply(instrumentation, change);
        } else if (Mutant.valueOf(mutant) == Mutant.FAILS_WHEN_TOLD) {
            Mutant.OWNERS.forEach(
                    (type, method) -> apply(instrumentation, new Change(type, method, Advices.FailWhenTold.class)));
        }
        System.err.println("this program is broken on purpose: " + mutant);
    }

    /** The change of each mutant, except those that change nothing or all owners. */
    static Map<Mutant, Change> changes() {
        Map<Mutant, Change> all = new EnumMap<>(Mutant.class);
        all.put(
                Mutant.ACKNOWLEDGES_BEFORE_STORED,
                new Change(INGEST + "IngestPath", "take", Advices.AcknowledgeFirst.class));
        all.put(
                Mutant.STORES_ONE_COPY,
                new Change("io.mqttrelay.common.kafka.KafkaClients", "producerConfig", Advices.OneCopy.class));
        all.put(
                Mutant.KEEPS_NO_SESSION,
                new Change(
                        "com.hivemq.client.internal.mqtt.message.connect.MqttConnectBuilder",
                        "cleanStart",
                        Advices.Yes.class));
        all.put(
                Mutant.OVERLOOKS_LOST_SESSIONS,
                new Change(INGEST + "mqtt.Session", "subscribed", Advices.Nothing.class));
        all.put(
                Mutant.OVERLOOKS_RETENTION,
                new Change(DISPATCH + "position.Assignment", "beginsAt", Advices.NoneLost.class));
        all.put(
                Mutant.BEGINS_AT_THE_END,
                new Change(
                        "org.apache.kafka.clients.consumer.KafkaConsumer",
                        "beginningOffsets",
                        Advices.EndOffsets.class));
        all.put(
                Mutant.WAITS_FOR_THE_CONSOLE,
                new Change("org.apache.logging.log4j.core.appender.AsyncAppender", "append", Advices.Print.class));
        all.put(
                Mutant.COMMITS_WHAT_IS_READ,
                new Change(DISPATCH + "position.RecordContext", "take", Advices.DoneAtOnce.class));
        all.put(
                Mutant.FORGETS_WHAT_IS_DONE,
                new Change(DISPATCH + "progress.ProgressCodec", "decode", Advices.NothingKnown.class));
        all.put(Mutant.IGNORES_ORDER, new Change(DISPATCH + "deliver.Delivery", "orderKey", Advices.NoKey.class));
        all.put(
                Mutant.DEAD_LETTERS_UNSTORED,
                new Change(DISPATCH + "settle.DeadLetters", "write", Advices.StoredAtOnce.class));
        all.put(
                Mutant.FOLLOWS_REDIRECTS,
                new Change("okhttp3.OkHttpClient$Builder", "followRedirects", Advices.Yes.class));
        all.put(Mutant.NEVER_RETRIES, new Change(DISPATCH + "deliver.RetryPolicy", "isLeft", Advices.OnlyOnce.class));
        all.put(Mutant.TAKES_WITHOUT_BOUND, new Change(INGEST + "write.Unacked$Share", "fits", Advices.Always.class));
        return all;
    }

    private static void apply(Instrumentation instrumentation, Change change) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named(change.type()))
                .transform((builder, description, loader, module, domain) ->
                        builder.visit(Advice.to(change.advice()).on(named(change.method()))))
                .installOn(instrumentation);
    }
}
