package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.FakeBackend;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CountedBackendTest {

    /**
     * A method with a default body that is not passed on is not missed by the compiler, and the backend's own answer is
     * lost.
     */
    @Test
    void passesOnEverythingThatABackendIsAsked() {
        assertThat(Arrays.stream(Backend.class.getMethods()).map(CountedBackendTest::signature))
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(CountedBackend.class.getDeclaredMethods())
                        .map(CountedBackendTest::signature)
                        .toList());
    }

    @Test
    void tellsOfEachFamilyInWhichSomethingCouldNotBeDeleted() {
        FakeBackend backend = new FakeBackend(ProxyMode.NFTABLES);
        List<IpFamily> told = new ArrayList<>();
        CountedBackend<FakeBackend.Rules, FakeBackend.Edits> counted =
                new CountedBackend<>(backend, new RuleCounts((family, table, total, written) -> {}), told::add);

        counted.apply(new FakeBackend.Edits(List.of()));
        assertThat(told).isEmpty();
        backend.leavesBehind.add(IpFamily.IPV6);
        counted.apply(new FakeBackend.Edits(List.of()));
        counted.apply(new FakeBackend.Edits(List.of()));
        assertThat(told).containsExactly(IpFamily.IPV6, IpFamily.IPV6);
    }

    private static String signature(Method method) {
        return method.getName() + Arrays.toString(method.getParameterTypes());
    }
}
