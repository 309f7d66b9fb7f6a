package io.mqttrelay.sink.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mqttrelay.dispatch.sink.Sink;
import io.mqttrelay.dispatch.sink.SinkResult;
import io.mqttrelay.dispatch.sink.Sinks;
import io.mqttrelay.testkit.process.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The receivers of docs/examples/grpc work as they are. */
@Timeout(120)
class ReceiverExamplesIT {
    private static final Path CHECKOUT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path EXAMPLES = CHECKOUT.resolve(Path.of("docs", "examples", "grpc"));
    private static final Path PROTO = CHECKOUT.resolve(Path.of("sinks", "grpc", "src", "main", "proto"));
    private static final String PYTHON = "/usr/bin/python3"; // Debian's, which has Debian's grpcio
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Sinks sinks = GrpcAddress.sinks();

    @AfterEach
    void stop() {
        sinks.close();
    }

    @Test
    void theOneInPythonTakesMessages() throws Exception {
        assumeTrue(
                succeeds("protoc", "--version")
                        && succeeds("sh", "-c", "command -v grpc_python_plugin")
                        && succeeds(PYTHON, "-c", "import grpc"),
                "skipped: needs Debian's protobuf-compiler, protobuf-compiler-grpc and python3-grpcio");
        assertThat(
                        succeeds(
                                "sh",
                                "-c",
                                "protoc -I " + PROTO + " --python_out=. --grpc_out=."
                                        + " --plugin=protoc-gen-grpc=$(command -v grpc_python_plugin) mqttrelay/v1/relay.proto"))
                .isTrue();
        Files.copy(EXAMPLES.resolve("receiver.py"), folder.resolve("receiver.py"));

        takesMessages(List.of(PYTHON, "receiver.py", "0"));
    }

    @Test
    void theOneInJavaTakesMessages() throws Exception {
        String classPath = System.getProperty("java.class.path");
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        assertThat(succeeds(
                        bin.resolve("javac").toString(),
                        "-proc:none",
                        "-cp",
                        classPath,
                        "-d",
                        folder.toString(),
                        EXAMPLES.resolve("ReceiverExample.java").toString()))
                .isTrue();

        takesMessages(List.of(bin.resolve("java").toString(), "-cp", folder + ":" + classPath, "ReceiverExample", "0"));
    }

    private void takesMessages(List<String> command) {
        try (JavaProcess process = JavaProcess.start(folder, "receiver", command, Map.of())) {
            String port = process.await(Pattern.compile("listening on (\\d+)"), PATIENCE)
                    .group(1);
            Sink single = GrpcAddress.url("grpc://127.0.0.1:" + port).in(sinks);
            Sink batched =
                    GrpcAddress.url("grpc://127.0.0.1:" + port, "\"batch\": {}").in(sinks);

            assertThat(single.call(GrpcAddress.fullMessage(), 1).execute())
                    .as(process::toString)
                    .isInstanceOf(SinkResult.Accepted.class);
            assertThat(single.call(GrpcAddress.message("empty", new byte[0]), 1).execute())
                    .isInstanceOf(SinkResult.Refused.class);
            assertThat(batched.call(List.of(GrpcAddress.message("b1"), GrpcAddress.message("b2")), 1)
                            .execute())
                    .isInstanceOf(SinkResult.Accepted.class);
            assertThat(batched.call(List.of(GrpcAddress.message("b3"), GrpcAddress.message("b4", new byte[0])), 1)
                            .execute())
                    .isInstanceOf(SinkResult.Refused.class);
            process.await(Pattern.compile("0199-full plant/\\S+/t 21.50\\s+b1 .*\\s+b2 "), PATIENCE);
            assertThat(process.output()).doesNotContain("b3");
        }
    }

    private boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("command.out").toFile())
                    .start();
        } catch (IOException e) {
            return false; // there is no such program
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
