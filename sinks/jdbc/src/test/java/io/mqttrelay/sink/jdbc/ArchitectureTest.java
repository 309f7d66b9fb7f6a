package io.mqttrelay.sink.jdbc;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.mqttrelay.testkit.architecture.PackageTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> thePackageTableHolds() {
        JavaClasses classes = PackageTable.ofThisModule();
        return PackageTable.rules().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
    }
}
