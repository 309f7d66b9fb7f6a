package io.mqttrelay.testkit.process;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that needs an {@link AuthorizationServer}; skipped where its libraries are not fetched. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresAuthorizationServer.Fetched.class)
public @interface RequiresAuthorizationServer {
    /** Looks for the class path. */
    final class Fetched implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AuthorizationServer.isInstalled()
                    ? ConditionEvaluationResult.enabled("the authorization server is fetched")
                    : ConditionEvaluationResult.disabled(
                            "this test needs an authorization server; testkit/oauth2-server/pom.xml tells how to fetch it");
        }
    }
}
