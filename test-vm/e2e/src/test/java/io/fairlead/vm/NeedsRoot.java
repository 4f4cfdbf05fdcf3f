package io.fairlead.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class if network namespaces cannot be made. Reports count the reason. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("kernel")
@ExtendWith(NeedsRoot.Condition.class)
@interface NeedsRoot {

    /** Checks for root, which {@code ip netns add} needs. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return "root".equals(System.getProperty("user.name"))
                    ? ConditionEvaluationResult.enabled("root")
                    : ConditionEvaluationResult.disabled("network namespaces need root");
        }
    }
}
