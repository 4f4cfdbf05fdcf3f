package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.IptablesOptions.Variant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** For this variant the kernel reports how large each table is. */
@Tag("kernel")
class LegacyWatchKernelTest extends IptablesWatchContract {

    @Override
    Variant variant() {
        return Variant.LEGACY;
    }

    @Override
    void isNamed(String who) {
        assertThat(who).matches("another program \\(in IPv[46] (nat|filter|mangle)\\)");
    }

    @Test
    void ignoresTablesOfOthers() {
        raw("iptables", "-t raw -N OTHERS");

        assertThat(changedByOthers()).isEmpty();
    }

    /** The agent then reads our rules in vain. */
    @Test
    void doesNotDistinguishRulesOfOthersInOurTables() {
        raw("iptables", "-t nat -N DOCKER");

        assertThat(changedByOthers()).isPresent();
    }
}
