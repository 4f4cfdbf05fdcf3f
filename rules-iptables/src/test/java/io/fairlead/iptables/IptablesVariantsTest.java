package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.iptables.IptablesOptions.Variant;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProgramMissingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IptablesVariantsTest {
    private static final String KUBELET = "*mangle\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT\n";
    private static final String HINT = "*mangle\n:KUBE-IPTABLES-HINT - [0:0]\nCOMMIT\n";
    private static final String PROXY = "*mangle\n:KUBE-PROXY-CANARY - [0:0]\nCOMMIT\n";

    /** The output of each iptables-save program, by name. A program that is not in the map is not installed. */
    private final Map<String, String> saves = new HashMap<>(Map.of(
            "iptables-nft-save",
            "",
            "ip6tables-nft-save",
            "",
            "iptables-legacy-save",
            "",
            "ip6tables-legacy-save",
            ""));

    private final Set<String> failing = new HashSet<>();
    private final List<String> calls = new ArrayList<>();

    @Test
    void kubeletsChainDecides() {
        saves.put("iptables-nft-save", rules(100));
        saves.put("iptables-legacy-save", KUBELET);
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);

        saves.put("iptables-legacy-save", HINT);
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);

        saves.put("ip6tables-nft-save", KUBELET);
        assertThat(found(Variant.LEGACY)).isEqualTo(Variant.NFT);
    }

    @Test
    void elseTheOneWithMoreRulesIsIt() {
        saves.put("iptables-nft-save", rules(3));
        saves.put("iptables-legacy-save", rules(2));
        saves.put("ip6tables-legacy-save", rules(2));
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);

        saves.put("ip6tables-nft-save", rules(2));
        assertThat(found(Variant.LEGACY)).isEqualTo(Variant.NFT);
    }

    /** The nft variant cannot show tables that contain rules written by nft, so the number of its rules is unknown. */
    @Test
    void nftIsUsedIfItsRulesCanOnlyBeReadInPart() {
        saves.put("iptables-nft-save", rules(1) + "# Table `mangle' is incompatible, use 'nft' tool.\n");
        saves.put("iptables-legacy-save", rules(2));
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
        assertThat(found(Variant.LEGACY)).isEqualTo(Variant.NFT);

        saves.put("iptables-legacy-save", KUBELET);
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);
    }

    /**
     * iptables-nft-save 1.8.9 prints the names of the chains in a table, and then fails at the first rule that it
     * cannot show.
     */
    @Test
    void whatAFailingSaveHasShownCounts() {
        saves.put("iptables-nft-save", KUBELET);
        failing.add("iptables-nft-save");
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
        assertThat(found(Variant.LEGACY)).isEqualTo(Variant.NFT);

        saves.put("iptables-nft-save", PROXY);
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
        assertThat(node().alsoWritten(Variant.LEGACY)).hasValue(Variant.NFT);
    }

    /** iptables-legacy-save fails only if the kernel has legacy tables that the process may not read. */
    @Test
    void legacyIsUsedIfItsTablesCannotBeRead() {
        failing.add("iptables-legacy-save");
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);

        saves.put("iptables-nft-save", KUBELET);
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
    }

    @Test
    void legacyIsUsedIfTheKernelHasNoNfTables() {
        failing.add("iptables-nft-save");
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);
    }

    @Test
    void withoutIpv6OnlyTheRulesOfIpv4Count() {
        failing.add("ip6tables-nft-save");
        failing.add("ip6tables-legacy-save");
        saves.put("iptables-legacy-save", rules(1));
        assertThat(found(Variant.NFT)).isEqualTo(Variant.LEGACY);
    }

    @Test
    void whereThereIsNothingWhatIsInstalledIsTaken() {
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
        assertThat(found(Variant.LEGACY)).isEqualTo(Variant.LEGACY);
    }

    @Test
    void whatIsNotInstalledIsNotTaken() {
        saves.remove("iptables-legacy-save");
        saves.remove("ip6tables-legacy-save");
        assertThat(found(Variant.NFT)).isEqualTo(Variant.NFT);
        assertThat(found(Variant.SYSTEM)).isEqualTo(Variant.SYSTEM);
    }

    /** A query for one table would make the kernel create the table and load the modules for it. */
    @Test
    void noTableOfTheLegacyVariantIsAskedForByName() {
        found(Variant.NFT);
        found(Variant.LEGACY);
        assertThat(calls).contains("iptables-legacy-save", "ip6tables-legacy-save", "iptables-nft-save -t mangle");
        assertThat(calls).noneMatch(call -> call.contains("legacy") && call.contains(" "));
    }

    @Test
    void aProxysChainsInTheOtherVariantAreFound() {
        assertThat(node().alsoWritten(Variant.NFT)).isEmpty();
        saves.put("iptables-nft-save", PROXY);
        assertThat(node().alsoWritten(Variant.NFT)).isEmpty();
        assertThat(node().alsoWritten(Variant.LEGACY)).hasValue(Variant.NFT);

        saves.put("ip6tables-legacy-save", "*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n");
        assertThat(node().alsoWritten(Variant.NFT)).hasValue(Variant.LEGACY);
    }

    private Variant found(Variant installed) {
        return node().ofNode(installed);
    }

    private IptablesVariants node() {
        return new IptablesVariants(this::run, IptablesOptions.defaults());
    }

    private ProcessResult run(Command command) {
        calls.add(String.join(" ", command.words()));
        String saved = saves.get(command.words().getFirst());
        if (saved == null) {
            throw new ProgramMissingException(command.words().getFirst(), new IOException("No such file"));
        }
        return failing.contains(command.words().getFirst())
                ? new ProcessResult(1, saved, "Permission denied")
                : new ProcessResult(0, saved, "");
    }

    private static String rules(int count) {
        return "*filter\n" + "-A INPUT -j ACCEPT\n".repeat(count) + "COMMIT\n";
    }
}
