package io.mqttrelay.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.mqttrelay.testkit.architecture.PackageTable;
import org.junit.jupiter.api.Test;

/** The benchmark measures the packaged program as a process; it must not run a part of the program itself. */
class ArchitectureTest {
    private final JavaClasses classes = PackageTable.ofThisModule();

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.mqttrelay.bench.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void onlyMicroBenchmarksKnowTheServices() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.mqttrelay.bench.micro..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.mqttrelay.ingest..", "io.mqttrelay.dispatch..", "io.mqttrelay.quickstart..")
                .check(classes);
    }

    @Test
    void contendersKnowNothingOfWhoMeasuresThem() {
        noClasses()
                .that()
                .resideInAPackage("io.mqttrelay.bench.contender..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.mqttrelay.bench.run..", "io.mqttrelay.bench.measure..", "io.mqttrelay.common.config..")
                .as("a contender knows nothing of who measures it, nor of the relay's configuration")
                .check(classes);
    }
}
