package io.fairlead.agent.xtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.IptablesOptions.Variant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of this variant the kernel tells how large each table is. */
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
    void tablesOfOthersAreNotOurs() {
        raw("iptables", "-t raw -N OTHERS");

        assertThat(changedByOthers()).isEmpty();
    }

    /** Then our rules are read in vain. */
    @Test
    void rulesOfOthersInOurTablesAreNotDistinguishedFromOurs() {
        raw("iptables", "-t nat -N DOCKER");

        assertThat(changedByOthers()).isPresent();
    }
}
