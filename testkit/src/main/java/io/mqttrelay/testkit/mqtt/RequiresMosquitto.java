package io.mqttrelay.testkit.mqtt;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Marks a test that starts a real Mosquitto. On a machine without Mosquitto the test is skipped with a message. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresMosquitto.Installed.class)
public @interface RequiresMosquitto {
    /** Looks for the programs. */
    final class Installed implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return MosquittoProcess.isInstalled()
                    ? ConditionEvaluationResult.enabled("mosquitto is installed")
                    : ConditionEvaluationResult.disabled(
                            "this test needs a mosquitto, and there is none on the PATH nor in /usr/sbin");
        }
    }
}
