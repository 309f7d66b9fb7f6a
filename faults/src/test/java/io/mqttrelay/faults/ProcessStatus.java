package io.mqttrelay.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state of a process, as Linux reports it.
 *
 * @param descriptors open files and sockets
 * @param residentBytes its memory in RAM
 */
record ProcessStatus(int threads, int descriptors, long residentBytes) {
    static ProcessStatus of(RelayService service) {
        Path folder = Path.of("/proc", Long.toString(service.process().pid()));
        try (Stream<Path> descriptors = Files.list(folder.resolve("fd"))) {
            List<String> lines = Files.readAllLines(folder.resolve("status"));
            return new ProcessStatus(
                    (int) number(lines, "Threads:"), (int) descriptors.count(), number(lines, "VmRSS:") * 1024);
        } catch (IOException e) {
            throw new AssertionError("not on Linux, or it has ended: " + service, e);
        }
    }

    private static long number(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
