package io.mqttrelay.dispatch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.mqttrelay.testkit.architecture.PackageTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ArchitectureTest {
    @TestFactory
    Stream<DynamicTest> thePackageTableHolds() {
        JavaClasses classes = PackageTable.ofThisModule();
        return PackageTable.rules().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(classes)));
    }

    /** Decision 029: they may change with any version of the client. */
    @Test
    void oneClassUsesInternalsOfTheHttpClient() {
        ArchRuleDefinition.noClasses()
                .that()
                .haveNameNotMatching(".*\\.ConnectionPools(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("okhttp3.internal..")
                .check(PackageTable.ofThisModule());
    }
}
