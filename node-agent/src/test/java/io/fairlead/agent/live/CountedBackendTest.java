package io.fairlead.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.backend.Backend;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class CountedBackendTest {

    /** A method with a default body that is not passed on is not missed by the compiler, and the backend's own answer is lost. */
    @Test
    void passesOnEverythingThatABackendIsAsked() {
        assertThat(Arrays.stream(Backend.class.getMethods()).map(CountedBackendTest::signature))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(CountedBackend.class.getDeclaredMethods())
                        .map(CountedBackendTest::signature)
                        .toList());
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
