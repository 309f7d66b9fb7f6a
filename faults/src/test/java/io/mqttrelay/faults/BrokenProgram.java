package io.mqttrelay.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttrelay.faults.mutant.Mutant;
import java.nio.file.Path;

/** Runs a row on a program that is broken on purpose; the row must fail. */
final class BrokenProgram {
    /** The run of a row. */
    interface Row<S> {
        void run(S scene) throws Exception;
    }

    private BrokenProgram() {}

    /** @param says part of the row's failure message */
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
