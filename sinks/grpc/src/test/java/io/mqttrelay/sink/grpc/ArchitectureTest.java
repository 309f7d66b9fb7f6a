package io.mqttrelay.sink.grpc;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.mqttrelay.testkit.architecture.PackageTable;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    /** Without the generated messages. */
    @TestFactory
    Stream<DynamicTest> thePackageTableHolds() {
        JavaClasses classes =
                new ClassFileImporter().importPath(Path.of("target", "classes", "io", "mqttrelay", "sink"));
        return PackageTable.rules().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
    }
}
