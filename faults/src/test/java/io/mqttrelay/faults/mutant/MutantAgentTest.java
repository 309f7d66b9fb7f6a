package io.mqttrelay.faults.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A mutant that names a class or method that the program does not have would change nothing. */
class MutantAgentTest {
    private static final String PROGRAM = "io.mqttrelay.";

    private static List<Path> sources(String type) throws IOException {
        String file = type.replaceAll("\\$.*", "").replace('.', '/') + ".java";
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            return modules.map(module -> module.resolve("src/main/java").resolve(file))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    private static void programHas(String type, String method) throws IOException {
        List<Path> sources = sources(type);
        assertThat(sources).as(type).hasSize(1);
        assertThat(Files.readString(sources.get(0))).as(type).containsPattern("\\W" + method + "\\(");
    }

    @Test
    void theProgramHasEachMethodThatAMutantChanges() throws IOException {
        for (MutantAgent.Change change : MutantAgent.changes().values()) {
            if (change.type().startsWith(PROGRAM)) {
                programHas(change.type(), change.method());
            }
        }
        for (Map.Entry<String, String> owner : Mutant.OWNERS.entrySet()) {
            programHas(owner.getKey(), owner.getValue());
        }
    }

    @Test
    void eachMutantChangesAMethod() {
        Set<Mutant> changing = Stream.of(Mutant.values())
                .filter(mutant -> mutant != Mutant.NONE && mutant != Mutant.FAILS_WHEN_TOLD)
                .collect(Collectors.toSet());
        assertThat(MutantAgent.changes()).containsOnlyKeys(changing);
    }
}
