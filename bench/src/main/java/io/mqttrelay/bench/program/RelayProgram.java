package io.mqttrelay.bench.program;

import io.mqttrelay.embedded.LoopbackPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The packaged {@code relay ingest} or {@code relay dispatch}.
 *
 * @param routeKeys keys of the route beyond the required ones
 * @param kafkaKeys keys of {@code kafka}, likewise
 * @param copies number of processes that share the work
 */
public record RelayProgram(String command, List<String> routeKeys, List<String> kafkaKeys, int copies)
        implements Program {
    public RelayProgram {
        routeKeys = List.copyOf(routeKeys);
        kafkaKeys = List.copyOf(kafkaKeys);
    }

    public static RelayProgram ingest(String... kafkaKeys) {
        return new RelayProgram("ingest", List.of(), List.of(kafkaKeys), 1);
    }

    public static RelayProgram dispatch(String... routeKeys) {
        return new RelayProgram("dispatch", List.of(routeKeys), List.of(), 1);
    }

    @Override
    public List<Service> start(Programs programs, Job job) {
        List<Service> services = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            int adminPort = LoopbackPorts.free();
            String name = job.name() + "-" + command + "-" + copy;
            Path file = new RelayConfiguration(
                            job.apps().names(),
                            job.name(),
                            job.bootstrapServers(),
                            job.mqttPort(),
                            adminPort,
                            job.urls().isEmpty() ? List.of("http://127.0.0.1/") : job.urls(),
                            routeKeys,
                            kafkaKeys)
                    .write(programs.folder().resolve(name + ".json"));
            services.add(new Service(programs.relay(name, command, file), adminPort));
        }
        return services;
    }
}
