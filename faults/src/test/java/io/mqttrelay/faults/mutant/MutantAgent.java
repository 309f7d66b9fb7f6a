package io.mqttrelay.faults.mutant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/** Changes one method of the program as it is loaded; the argument is the name of a {@link Mutant}. */
public final class MutantAgent {
    private static final String INGEST = "io.mqttrelay.ingest.";
    private static final String DISPATCH = "io.mqttrelay.dispatch.";

    private MutantAgent() {}

    public static void premain(String mutant, Instrumentation instrumentation) {
        switch (Mutant.valueOf(mutant)) {
            case NONE -> {}
            case ACKNOWLEDGES_BEFORE_STORED ->
                change(instrumentation, INGEST + "IngestPath", "take", Advices.AcknowledgeFirst.class);
            case STORES_ONE_COPY ->
                change(
                        instrumentation,
                        "io.mqttrelay.common.kafka.KafkaClients",
                        "producerConfig",
                        Advices.OneCopy.class);
            case KEEPS_NO_SESSION ->
                change(
                        instrumentation,
                        "com.hivemq.client.internal.mqtt.message.connect.MqttConnectBuilder",
                        "cleanStart",
                        Advices.Yes.class);
            case OVERLOOKS_LOST_SESSIONS ->
                change(instrumentation, INGEST + "mqtt.Session", "subscribed", Advices.Nothing.class);
            case OVERLOOKS_RETENTION ->
                change(instrumentation, DISPATCH + "position.Assignment", "beginsAt", Advices.Nobody.class);
            case BEGINS_AT_THE_END ->
                change(
                        instrumentation,
                        "org.apache.kafka.clients.consumer.KafkaConsumer",
                        "beginningOffsets",
                        Advices.EndOffsets.class);
            case WAITS_FOR_THE_CONSOLE ->
                change(
                        instrumentation,
                        "org.apache.logging.log4j.core.appender.AsyncAppender",
                        "append",
                        Advices.Print.class);
            case COMMITS_WHAT_IS_READ ->
                change(instrumentation, DISPATCH + "position.Reading", "take", Advices.DoneAtOnce.class);
            case FORGETS_WHAT_IS_DONE ->
                change(instrumentation, DISPATCH + "progress.ProgressCodec", "decode", Advices.NothingKnown.class);
            case IGNORES_ORDER -> change(instrumentation, DISPATCH + "Outbound", "orderKey", Advices.NoKey.class);
            case DEAD_LETTERS_UNSTORED ->
                change(instrumentation, DISPATCH + "settle.DeadLetters", "write", Advices.StoredAtOnce.class);
            case FOLLOWS_REDIRECTS ->
                change(instrumentation, "okhttp3.OkHttpClient$Builder", "followRedirects", Advices.Yes.class);
            case NEVER_RETRIES ->
                change(instrumentation, DISPATCH + "deliver.RetryPolicy", "waitAfter", Advices.NoWait.class);
            case FAILS_WHEN_TOLD ->
                Mutant.OWNERS.forEach(
                        (type, method) -> change(instrumentation, type, method, Advices.FailWhenTold.class));
            case TAKES_WITHOUT_BOUND ->
                change(instrumentation, INGEST + "write.Unacked$Share", "fits", Advices.Always.class);
        }
        System.err.println("this program is broken on purpose: " + mutant);
    }

    private static void change(Instrumentation instrumentation, String type, String method, Class<?> advice) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .type(named(type))
                .transform((builder, description, loader, module, domain) ->
                        builder.visit(Advice.to(advice).on(named(method))))
                .installOn(instrumentation);
    }
}
