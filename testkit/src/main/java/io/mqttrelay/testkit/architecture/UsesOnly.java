package io.mqttrelay.testkit.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/**
 * Requires that a class uses, of the packages below a root, only its own and those of a table; {@code x.*} allows all
 * packages below x.
 */
final class UsesOnly extends ArchCondition<JavaClass> {
    private final String root;
    private final Map<String, Set<String>> mayUse;

    UsesOnly(String root, Map<String, Set<String>> mayUse) {
        super("use only what the table says");
        this.root = root;
        this.mayUse = mayUse;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String from = belowRoot(type);
        Set<String> allowed = mayUse.get(from);
        if (allowed == null) {
            events.add(SimpleConditionEvent.violated(type, "package " + from + " is not in the table"));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (target.getPackageName().startsWith(root) && !isAllowed(from, belowRoot(target), allowed)) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    private String belowRoot(JavaClass type) {
        return type.getPackageName().substring(root.length());
    }

    private static boolean isAllowed(String from, String to, Set<String> allowed) {
        if (from.equals(to) || allowed.contains(to)) {
            return true;
        }
        return allowed.stream()
                .filter(each -> each.endsWith(".*"))
                .anyMatch(each -> to.startsWith(each.substring(0, each.length() - 1)));
    }
}
