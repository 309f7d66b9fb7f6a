package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.faults.mutant.Mutant;
import java.nio.file.Path;

/** A row is run on a program that is broken on purpose, and must be red. */
final class BrokenProgram {
    /** What of a row is run. */
    interface Row<S> {
        void run(S scene) throws Exception;
    }

    private BrokenProgram() {}

    /** @param says what the row complains of */
    static <S extends FaultScene> void assertCaught(Mutant mutant, Path folder, S scene, Row<S> row, String says)
            throws Exception {
        scene.folder = folder;
        scene.broken(mutant);
        scene.begin();
        try {
            assertThatThrownBy(() -> row.run(scene))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(says);
        } finally {
            scene.end();
        }
    }
}
