package io.fairlead.e2e.image;

import io.fairlead.e2e.fixtures.Image;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Skips a test class if no Docker daemon answers or if the image is not built. The reason is in the test report. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("container")
@ExtendWith(NeedsDocker.Condition.class)
@interface NeedsDocker {

    /** Checks whether scripts/docker-daemon and scripts/build-image were run. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (!Files.exists(Image.ARCHIVE)) {
                return ConditionEvaluationResult.disabled("there is no image: make image builds it");
            }
            return DockerClientFactory.instance().isDockerAvailable()
                    ? ConditionEvaluationResult.enabled("Docker answers")
                    : ConditionEvaluationResult.disabled("no Docker daemon answers: scripts/docker-daemon start");
        }
    }
}
