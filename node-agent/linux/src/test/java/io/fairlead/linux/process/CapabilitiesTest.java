package io.fairlead.linux.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.linux.process.Capabilities.Capability;
import org.junit.jupiter.api.Test;

final class CapabilitiesTest {

    @Test
    void readsTheEffectiveSet() {
        String status =
                "Name:\tjava\nCapPrm:\tffffffffffffffff\nCapEff:\t0000000000001000\nCapBnd:\tffffffffffffffff\n";

        Capabilities capabilities = Capabilities.parse(status);

        assertThat(capabilities.has(Capability.NET_ADMIN)).isTrue();
        assertThat(capabilities.has(Capability.NET_RAW)).isFalse();
    }

    @Test
    void readsASetOfAllBits() {
        assertThat(Capabilities.parse("CapEff:\tffffffffffffffff\n").has(Capability.NET_RAW))
                .isTrue();
    }

    @Test
    void readsTheCapabilitiesOfThisProcess() {
        assertThat(Capabilities.ofThisProcess().has(Capability.NET_ADMIN))
                .isEqualTo("root".equals(System.getProperty("user.name")));
    }

    @Test
    void refusesTextWithoutALineCapEff() {
        assertThatThrownBy(() -> Capabilities.parse("Name:\tjava\n")).isInstanceOf(IllegalArgumentException.class);
    }
}
