package io.mqttrelay.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * The table of allowed dependencies: between packages, and from packages to libraries. A package that is missing in
 * the table fails, so a new package is a deliberate decision.
 */
public final class PackageTable {
    private static final String ROOT = "io.mqttrelay.";

    /** The product packages that each package may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("common.topic", Set.of()),
            Map.entry("common.thread", Set.of()),
            Map.entry("common.metrics", Set.of()),
            Map.entry("common.text", Set.of()),
            Map.entry("common.tls", Set.of()),
            Map.entry("common.egress", Set.of()),
            Map.entry("common.settings", Set.of("common.text")),
            Map.entry("common.config.value", Set.of()),
            Map.entry("common.config.destination", Set.of("common.config.value", "common.text", "common.topic")),
            Map.entry(
                    "common.config",
                    Set.of("common.config.destination", "common.config.value", "common.egress", "common.topic")),
            Map.entry(
                    "common.config.read.value",
                    Set.of("common.config.value", "common.settings", "common.text", "common.tls")),
            Map.entry(
                    "common.config.read.destination",
                    Set.of(
                            "common.config",
                            "common.config.destination",
                            "common.config.read.value",
                            "common.config.value",
                            "common.egress",
                            "common.settings",
                            "common.text",
                            "common.topic")),
            Map.entry(
                    "common.config.read",
                    Set.of(
                            "common.config",
                            "common.config.destination",
                            "common.config.read.destination",
                            "common.config.read.value",
                            "common.config.value",
                            "common.egress",
                            "common.settings",
                            "common.text",
                            "common.tls",
                            "common.topic")),
            Map.entry(
                    "common.config.change",
                    Set.of(
                            "common.config",
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.text")),
            Map.entry("common.record", Set.of("common.config.value")),
            Map.entry(
                    "common.kafka",
                    Set.of(
                            "common.config",
                            "common.config.value",
                            "common.text",
                            "common.thread",
                            "common.tls",
                            "common.topic")),
            Map.entry("common.log", Set.of("common.config")),
            Map.entry("common.admin", Set.of("common.metrics", "common.thread")),
            Map.entry(
                    "common.cli",
                    Set.of(
                            "common.config",
                            "common.config.change",
                            "common.config.destination",
                            "common.config.read",
                            "common.config.value",
                            "common.egress",
                            "common.kafka",
                            "common.log",
                            "common.metrics",
                            "common.settings",
                            "common.text",
                            "common.thread",
                            "common.topic")),
            Map.entry(
                    "ingest.mqtt",
                    Set.of(
                            "common.config",
                            "common.config.value",
                            "common.thread",
                            "common.topic",
                            "ingest.mqtt.wire")),
            Map.entry(
                    "ingest.mqtt.wire",
                    Set.of("common.config", "common.config.value", "common.record", "common.text", "common.tls")),
            Map.entry(
                    "ingest.write",
                    Set.of(
                            "common.admin",
                            "common.kafka",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "common.topic")),
            Map.entry("ingest", Set.of("common.*", "ingest.*")),
            Map.entry("dispatch.window", Set.of("common.config.destination", "common.config.value", "common.text")),
            Map.entry("dispatch.progress", Set.of("common.kafka", "common.text", "common.thread")),
            Map.entry("dispatch.position", Set.of("dispatch.progress", "dispatch.window")),
            Map.entry("dispatch.flow", Set.of("common.thread", "dispatch.position", "dispatch.window")),
            Map.entry("dispatch.member", Set.of()),
            Map.entry(
                    "dispatch.observe",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.thread",
                            "dispatch.flow",
                            "dispatch.member",
                            "dispatch.position",
                            "dispatch.window")),
            Map.entry("dispatch.reload", Set.of("common.thread", "dispatch.position", "dispatch.window")),
            Map.entry("dispatch.place", Set.of("common.thread", "dispatch.position")),
            Map.entry(
                    "dispatch.consume",
                    Set.of(
                            "common.thread",
                            "dispatch.flow",
                            "dispatch.member",
                            "dispatch.observe",
                            "dispatch.place",
                            "dispatch.position",
                            "dispatch.progress",
                            "dispatch.reload",
                            "dispatch.window")),
            Map.entry("dispatch.lane", Set.of("common.config.destination", "common.config.value")),
            Map.entry("dispatch.limit", Set.of("common.thread", "dispatch.lane")),
            Map.entry(
                    "dispatch.sink",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.record",
                            "common.thread",
                            "dispatch.template")),
            Map.entry("dispatch.expression.value", Set.of()),
            Map.entry("dispatch.expression.function", Set.of("dispatch.expression.value")),
            Map.entry("dispatch.expression", Set.of("dispatch.expression.function", "dispatch.expression.value")),
            Map.entry("dispatch.format", Set.of("common.config.destination", "common.config.value", "common.record")),
            Map.entry(
                    "dispatch.template",
                    Set.of("common.config.destination", "common.record", "dispatch.expression", "dispatch.format")),
            Map.entry(
                    "sink.kafka",
                    Set.of(
                            "common.config",
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.kafka",
                            "common.record",
                            "common.thread",
                            "dispatch.format",
                            "dispatch.sink",
                            "dispatch.template")),
            Map.entry(
                    "sink.mqtt",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "common.tls",
                            "dispatch.format",
                            "dispatch.sink",
                            "dispatch.template")),
            Map.entry(
                    "dispatch.sink.http",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "dispatch.format",
                            "dispatch.sink",
                            "dispatch.sink.http.net",
                            "dispatch.sink.http.oauth",
                            "dispatch.template")),
            Map.entry(
                    "dispatch.sink.http.net",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.text",
                            "common.thread",
                            "common.tls",
                            "dispatch.sink")),
            Map.entry(
                    "dispatch.sink.http.oauth",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.text",
                            "common.thread",
                            "dispatch.sink",
                            "dispatch.sink.http.net")),
            Map.entry(
                    "dispatch.deliver",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.log",
                            "common.record",
                            "common.thread",
                            "dispatch.lane",
                            "dispatch.position",
                            "dispatch.progress",
                            "dispatch.settle",
                            "dispatch.sink",
                            "dispatch.template")),
            Map.entry(
                    "dispatch.route",
                    Set.of(
                            "common.config",
                            "common.config.change",
                            "common.config.destination",
                            "common.config.value",
                            "common.record",
                            "common.topic",
                            "dispatch.deliver",
                            "dispatch.window")),
            Map.entry(
                    "dispatch.settle",
                    Set.of(
                            "common.admin",
                            "common.config.destination",
                            "common.config.value",
                            "common.kafka",
                            "common.log",
                            "common.record",
                            "common.thread",
                            "common.topic")),
            Map.entry(
                    "dispatch.deadletter",
                    Set.of(
                            "common.config",
                            "common.config.destination",
                            "common.config.value",
                            "common.kafka",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "common.topic")),
            Map.entry(
                    "dispatch.command",
                    Set.of(
                            "common.cli",
                            "common.config",
                            "common.config.destination",
                            "common.config.read",
                            "common.config.value",
                            "common.kafka",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "common.topic",
                            "dispatch.deadletter",
                            "dispatch.route",
                            "dispatch.sink",
                            "dispatch.template")),
            Map.entry(
                    "sink.jdbc",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "dispatch.format",
                            "dispatch.sink",
                            "dispatch.template")),
            Map.entry("dispatch", Set.of("common.*", "dispatch.*")),
            // proto.v1 is generated
            Map.entry(
                    "sink.grpc",
                    Set.of(
                            "common.config.destination",
                            "common.config.value",
                            "common.egress",
                            "common.record",
                            "common.text",
                            "common.thread",
                            "dispatch.format",
                            "dispatch.sink",
                            "dispatch.sink.http",
                            "dispatch.sink.http.net",
                            "dispatch.template",
                            "proto.v1")),
            Map.entry("quickstart", Set.of("common.*", "dispatch", "dispatch.sink", "embedded", "ingest")));

    /** The packages that may use each library. */
    private static final Map<String, Set<String>> HOMES = Map.ofEntries(
            // quickstart reads addresses from the raw file, limits its brokers' logs, and has a device that publishes
            Map.entry(
                    "com.fasterxml.jackson.databind..",
                    Set.of(
                            "common.config.read",
                            "common.config.read.destination",
                            "common.config.read.value",
                            "common.settings",
                            "quickstart")),
            Map.entry(
                    "com.google.re2j..",
                    Set.of(
                            "common.config.read",
                            "common.config.read.destination",
                            "common.config.read.value",
                            "common.settings",
                            "common.topic",
                            "dispatch.expression.function")),
            Map.entry("com.dashjoin..", Set.of("dispatch.expression", "dispatch.expression.function")),
            Map.entry("picocli..", Set.of("common.cli", "dispatch.command", "ingest", "quickstart")),
            Map.entry("org.apache.logging.log4j.core..", Set.of("common.log", "quickstart")),
            Map.entry("io.micrometer.prometheusmetrics..", Set.of("common.metrics")),
            Map.entry("com.sun.net.httpserver..", Set.of("common.admin", "quickstart")),
            Map.entry("com.hivemq.client..", Set.of("ingest.mqtt.wire", "quickstart", "sink.mqtt")),
            Map.entry("okhttp3..", Set.of("dispatch.sink.http", "dispatch.sink.http.net", "dispatch.sink.http.oauth")),
            Map.entry("io.github.resilience4j..", Set.of("dispatch.deliver")),
            Map.entry("io.grpc..", Set.of("sink.grpc")),
            Map.entry("com.google.protobuf..", Set.of("sink.grpc")),
            // only RecordCodec knows names and values of headers; dispatch.consume measures headers and reads none, and
            // sink.kafka adds those of an address
            Map.entry(
                    "org.apache.kafka.common.header..",
                    Set.of("common.kafka", "common.record", "dispatch.consume", "sink.kafka")),
            Map.entry("com.zaxxer.hikari..", Set.of("sink.jdbc")),
            Map.entry("kafka..", Set.of("embedded")),
            Map.entry("com.hivemq.embedded..", Set.of("embedded")));

    /** Packages that pass a secret to a library. */
    private static final String[] MAY_REVEAL = {
        ROOT + "common.config.read",
        ROOT + "common.kafka",
        ROOT + "ingest.mqtt.wire",
        ROOT + "dispatch.sink.http",
        ROOT + "dispatch.sink.http.oauth",
        ROOT + "sink.grpc",
        ROOT + "sink.kafka",
        ROOT + "sink.mqtt",
        ROOT + "sink.jdbc"
    };

    /**
     * Packages that may create threads: common.thread, whose threads report failures; the shutdown of a process and
     * of its log; the event loops, which Netty requests one by one; the embedded servers and the quickstart.
     */
    private static final String[] MAY_MAKE_THREADS = {
        ROOT + "common.thread",
        ROOT + "common.cli",
        ROOT + "common.log",
        ROOT + "ingest.mqtt.wire",
        ROOT + "embedded",
        ROOT + "quickstart"
    };

    private PackageTable() {}

    /** The compiled main classes of the module in the working directory, where its tests run. */
    public static JavaClasses ofThisModule() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }

    /** The rules of all modules, each with a description. */
    public static List<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        rules.add(usesOnlyWhatTheTableSays());
        rules.add(slices().matching(ROOT + "(**)").should().beFreeOfCycles().allowEmptyShould(true));
        HOMES.forEach((library, homes) -> rules.add(hasItsOnePlace(library, homes)));
        rules.add(classes()
                .should(new NullMarkedPackage())
                .as("every package says in its package-info that it is null-marked"));
        rules.add(fields().that()
                .areStatic()
                .should()
                .beFinal()
                .allowEmptyShould(true)
                .as("there is no static state"));
        rules.add(noClasses()
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Impl)")
                .as("no class is called Utils, Helper, Manager or Impl"));
        rules.add(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.naming..", "javax.management..", "javax.script..", "java.rmi..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(In|Out)putStream")
                .allowEmptyShould(true)
                .as("nothing is looked up by name, run as a script, or made of serialized objects"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackages(MAY_REVEAL)
                .should()
                .callMethod(ROOT + "common.config.value.Secret", "reveal")
                .allowEmptyShould(true) // for a module whose packages are all exempt
                .as("a secret is revealed only to the library that needs it"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + "dispatch.consume", ROOT + "dispatch.progress", ROOT + "dispatch.deadletter")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "ingest.SessionTopic")
                .should()
                .callMethodWhere(new PollsOrCommits())
                .as("only dispatch.consume polls and commits; dispatch.progress, dispatch.deadletter and SessionTopic"
                        + " poll without a group"));
        rules.add(noClasses()
                .that()
                .resideInAnyPackage(ROOT + "dispatch.window", ROOT + "dispatch.position")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Consumer.class)
                .allowEmptyShould(true)
                .as("positions are tracked without a Kafka consumer"));
        rules.add(noClasses()
                .that()
                .resideOutsideOfPackages(MAY_MAKE_THREADS)
                .should()
                .callCodeUnitWhere(new MakesThreads())
                .as("threads and executors are made in common.thread, where their failures are told")
                .allowEmptyShould(true)); // for a module whose packages are all exempt
        return rules;
    }

    private static ArchRule usesOnlyWhatTheTableSays() {
        return classes()
                .that()
                .resideInAPackage("io.mqttrelay..")
                .should(new UsesOnly(ROOT, MAY_USE))
                .as("a package uses those that the table lets it use");
    }

    private static ArchRule hasItsOnePlace(String library, Set<String> homes) {
        String[] packages = homes.stream().map(home -> ROOT + home).toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true)
                .as(library + " is known to " + String.join(", ", new TreeSet<>(homes)) + " only");
    }
}
