package io.mqttrelay.testkit.mqtt;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The test starts a real Mosquitto; on a machine without one it is skipped, and says so. */
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
