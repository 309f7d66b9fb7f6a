package io.mqttrelay.testkit.database;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Marks a test that starts a real database. On a machine without its programs the test is skipped with a message. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresDatabase.Installed.class)
public @interface RequiresDatabase {
    /** The kinds that the test starts. */
    DatabaseProcess.Kind[] value();

    /** Looks for the programs. */
    final class Installed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getElement(), RequiresDatabase.class)
                    .map(Installed::condition)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("it starts no database"));
        }

        private static ConditionEvaluationResult condition(RequiresDatabase required) {
            for (DatabaseProcess.Kind kind : required.value()) {
                String missing = DatabaseProcess.missing(kind);
                if (missing != null) {
                    return ConditionEvaluationResult.disabled("this test needs " + missing);
                }
            }
            return ConditionEvaluationResult.enabled("the programs are installed");
        }
    }
}
