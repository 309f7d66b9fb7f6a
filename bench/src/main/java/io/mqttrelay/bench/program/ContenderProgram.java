package io.mqttrelay.bench.program;

import io.mqttrelay.bench.contender.Contenders;
import io.mqttrelay.bench.wire.ProgramArguments;
import io.mqttrelay.testkit.process.JavaProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A contender with its name. */
public record ContenderProgram(String contender) implements Program {
    @Override
    public String missing(Programs programs) {
        return Contenders.needsConnect(contender) && programs.connect().isEmpty() ? "see --connect" : "";
    }

    @Override
    public List<Service> start(Programs programs, Job job) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("bootstrap", job.bootstrapServers());
        words.put("app", job.app());
        words.put("topic", RelayConfiguration.topic(job.app()));
        words.put("group", job.name());
        words.put("folder", programs.folder().toString());
        words.put("in_flight", Integer.toString(job.inFlight()));
        words.put("port", Integer.toString(job.mqttPort()));
        job.urls().stream().findFirst().ifPresent(url -> words.put("url", url));
        JavaProcess process = programs.contender(
                job.name() + "-" + contender,
                Contenders.classOf(contender),
                ownClassPath(programs),
                new ProgramArguments(words).words());
        return List.of(new Service(process, 0));
    }

    private String ownClassPath(Programs programs) {
        if (Contenders.needsConnect(contender)) {
            return programs.connect();
        }
        String own = Contenders.ownJars(contender);
        return own.isEmpty() ? "" : programs.jars(own);
    }
}
