package io.mqttrelay.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.mqttrelay.common.config.value.Secret;
import io.mqttrelay.common.topic.EverythingManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageTableTest {
    private static final JavaClasses BROKEN =
            new ClassFileImporter().importClasses(EverythingManager.class, Secret.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a package uses those that the table lets it use",
                "slices matching 'io.mqttrelay.(**)' should be free of cycles",
                "com.fasterxml.jackson.databind.. is known to common.config.read, common.config.read.destination,"
                        + " common.config.read.value, common.settings, quickstart only",
                "com.hivemq.client.. is known to ingest.mqtt.wire, quickstart, sink.mqtt only",
                "every package says in its package-info that it is null-marked",
                "there is no static state",
                "no class is called Utils, Helper, Manager or Impl",
                "a secret is revealed only to the library that needs it",
                "only dispatch.consume polls and commits; dispatch.progress, dispatch.deadletter and SessionTopic"
                        + " poll without a group",
                "threads and executors are made in common.thread, where their failures are told",
            })
    void aRuleThatIsBrokenFails(String description) {
        assertThat(PackageTable.rules())
                .filteredOn(rule -> rule.getDescription().equals(description))
                .singleElement()
                .satisfies(
                        rule -> assertThat(rule.evaluate(BROKEN).hasViolation()).isTrue());
    }

    @Test
    void aPackageThatIsNotInTheTableFails() {
        JavaClasses unknown = new ClassFileImporter().importClasses(PackageTable.class);
        ArchRule table = PackageTable.rules().get(0);

        assertThat(table.evaluate(unknown).getFailureReport().toString())
                .contains("package testkit.architecture is not in the table");
    }
}
