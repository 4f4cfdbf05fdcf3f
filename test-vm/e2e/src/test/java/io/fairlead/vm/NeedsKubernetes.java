package io.fairlead.vm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class if the real Kubernetes programs are missing. Reports count the reason. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("cluster")
@ExtendWith(NeedsKubernetes.Condition.class)
@interface NeedsKubernetes {

    /** The programs that the test needs. */
    String[] value();

    /** Checks for what scripts/kubernetes-binaries prepares. */
    final class Condition implements ExecutionCondition {
        private static final String FOLDER = "FAIRLEAD_KUBERNETES";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String folder = System.getenv(FOLDER);
            if (folder == null) {
                return ConditionEvaluationResult.disabled(
                        "no real kube-apiserver: scripts/kubernetes-binaries says why (make test calls it)");
            }
            NeedsKubernetes needed = context.getRequiredTestClass().getAnnotation(NeedsKubernetes.class);
            Optional<String> missing = Optional.ofNullable(needed).stream()
                    .flatMap(annotation -> java.util.Arrays.stream(annotation.value()))
                    .filter(program -> !Files.isExecutable(Path.of(folder, program)))
                    .findFirst();
            return missing.map(
                            program -> ConditionEvaluationResult.disabled("there is no " + program + " in " + folder))
                    .orElseGet(() -> ConditionEvaluationResult.enabled(folder));
        }

        /** The path of an existing program. */
        static Path program(String name) {
            String folder = System.getenv(FOLDER);
            if (folder == null) {
                throw new IllegalStateException(FOLDER + " is not set");
            }
            return Path.of(folder, name);
        }
    }
}
