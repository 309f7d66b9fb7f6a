package io.mqttrelay.testkit.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Matches calls that create a thread or an executor, or run a task on the JVM's common pool. */
final class MakesThreads extends DescribedPredicate<JavaCall<?>> {
    MakesThreads() {
        super("makes threads");
    }

    @Override
    public boolean test(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        if (owner.isEquivalentTo(Executors.class)) {
            return true;
        }
        if (owner.isEquivalentTo(CompletableFuture.class)) {
            return call.getName().endsWith("Async")
                    && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isEquivalentTo(Executor.class));
        }
        return call.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                && (owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(Timer.class)
                        || owner.isAssignableTo(Executor.class));
    }
}
