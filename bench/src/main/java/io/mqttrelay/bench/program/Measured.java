package io.mqttrelay.bench.program;

import io.mqttrelay.bench.measure.ProcessCost;
import java.util.List;

/** The measured processes of one turn, together. */
public record Measured(List<Service> services) implements AutoCloseable {
    public Measured {
        services = List.copyOf(services);
    }

    /** Starts programs that do one job together. */
    public static Measured start(List<Program> parts, Programs programs, Job job) {
        return new Measured(parts.stream()
                .flatMap(part -> part.start(programs, job).stream())
                .toList());
    }

    public ProcessCost cost() {
        return services.stream()
                .map(each -> ProcessCost.of(each.process().pid()))
                .reduce(ProcessCost.NONE, ProcessCost::plus);
    }

    public Measured awaitReady() {
        services.forEach(Service::awaitReady);
        return this;
    }

    /**
     * Fails if a process has ended.
     *
     * @throws IllegalStateException a process has ended by itself
     */
    public void mustRun() {
        for (Service service : services) {
            if (!service.process().isAlive()) {
                throw new IllegalStateException("it ended by itself: " + service.process());
            }
        }
    }

    @Override
    public void close() {
        services.forEach(Service::close);
    }
}
