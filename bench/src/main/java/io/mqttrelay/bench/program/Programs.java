package io.mqttrelay.bench.program;

import io.mqttrelay.testkit.process.JavaProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Starts the measured programs: the packaged relay as its launcher does, and contenders with the same flags on the
 * same JDK.
 *
 * @param folder for their output
 * @param checkout the project
 * @param launcher whether {@code javaHome} is the JDK that the launcher chooses
 * @param jvmOptions added to the launcher's, for example to start a profiler
 * @param connect a class path with Kafka Connect and its plugins; empty: contenders that need it do not take part
 */
public record Programs(
        Path folder, Path checkout, Path javaHome, boolean launcher, List<String> jvmOptions, String connect) {
    /** The launcher's flags. */
    static final List<String> FLAGS =
            List.of("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:MetaspaceSize=16m", "-Xss512k");
    /** The launcher's flags for newer JVMs. */
    static final List<String> NEWER_FLAGS =
            List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

    private static final String OPTIONS = "RELAY_JAVA_OPTS"; // the launcher's variable for more options
    private static final int KNOWS_NEWER_FLAGS = 23;

    public Programs {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** Starts {@code relay ingest} or {@code relay dispatch}. */
    JavaProcess relay(String name, String command, Path configuration) {
        List<String> line = new ArrayList<>();
        if (launcher) {
            line.add(distribution().resolve("bin/relay").toString());
        } else { // the launcher would choose the newest JDK
            line.addAll(java());
            line.addAll(List.of("-jar", jar(command).toString()));
        }
        line.addAll(List.of(command, "--config", configuration.toString()));
        return JavaProcess.start(folder, name, line, Map.of(OPTIONS, String.join(" ", jvmOptions)));
    }

    /**
     * Starts a main class of the benchmark.
     *
     * @param own a class path in front of the benchmark's; empty: none
     */
    JavaProcess contender(String name, Class<?> mainClass, String own, List<String> words) {
        String shared = System.getProperty("java.class.path");
        String classPath = own.isEmpty() ? shared : own + File.pathSeparator + shared;
        List<String> line = java();
        line.addAll(List.of("-Dlog4j2.configurationFile=bench-log.xml", "-cp", classPath, mainClass.getName()));
        line.addAll(words);
        return JavaProcess.start(folder, name, line, Map.of());
    }

    /** The jars of a folder in {@code bench/target}, as a class path. */
    String jars(String built) {
        return checkout.resolve("bench/target").resolve(built) + "/*";
    }

    private List<String> java() {
        List<String> line = new ArrayList<>();
        line.add(javaHome.resolve("bin/java").toString());
        line.addAll(FLAGS);
        if (Machine.javaMajor(javaHome) >= KNOWS_NEWER_FLAGS) {
            line.addAll(NEWER_FLAGS);
        }
        line.addAll(jvmOptions);
        return line;
    }

    private Path jar(String command) {
        return only(distribution().resolve("lib"), "relay-" + command + "-");
    }

    private Path distribution() {
        Path target = checkout.resolve("deploy/target");
        try (Stream<Path> folders = Files.list(target)) {
            return folders.filter(each -> Files.isExecutable(each.resolve("bin/relay")))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("no distribution in " + target + ": package it first"));
        } catch (IOException e) {
            throw new UncheckedIOException("no distribution in " + target + ": package it first", e);
        }
    }

    private static Path only(Path folder, String prefix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no " + prefix + "*.jar in " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
