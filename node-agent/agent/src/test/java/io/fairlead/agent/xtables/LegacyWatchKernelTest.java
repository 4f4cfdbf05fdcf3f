package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.IptablesOptions.Variant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the watch of legacy iptables. For this variant, the kernel reports only the size of each table. */
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

    /**
     * Tests a change of another program's rules in a table that Fairlead uses. The watch reports it, and the agent
     * reads its own rules again, although they are unchanged.
     */
    @Test
    void doesNotDistinguishRulesOfOthersInOurTables() {
        raw("iptables", "-t nat -N DOCKER");

        assertThat(changedByOthers()).isPresent();
    }
}
