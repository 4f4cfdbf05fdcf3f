package io.fairlead.explain.read;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.fairlead.core.net.IpFamily;
import io.fairlead.explain.model.RuleChain;
import io.fairlead.explain.model.RuleTable;
import io.fairlead.explain.read.iptables.SavedTables;
import io.fairlead.explain.read.nft.ListedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests that rules of random words are read without an error. Parts without a known meaning must be kept as text. */
final class AnyRuleTest {
    private static final int RULES = 20_000;

    private static final String NFT = """
            ip ip6 saddr daddr tcp udp th dport sport ct state new established , meta mark set and or xor & | ^ << >> == !=
            < > <= >= { } ( ) . : * / @set @nh map vmap accept drop reject with icmpx type counter packets 5 bytes log
            prefix jump goto other return queue limit rate over 5/second burst dnat snat to 10.0.0.1 10.0.0.0/8
            10.0.0.1-10.0.0.9 10.0.0.1:80 [fd00::1]:80 :80 fd00::/64 80 80-90 0x10 numgen random mod 2 offset jhash seed
            fib oif iif iifname lo syn fin flags add update @x masquerade redirect tproxy notrack comment icmp
            echo-request ether xt match target original reply proto-dst exists missing unknown-word
            """;

    private static final String IPTABLES = """
            -s -d -i -o -p -m -j -g ! tcp udp all 6 10.0.0.0/8 10.0.0.1 fd00::1 eth+ lo multiport mark connmark conntrack
            state addrtype statistic recent set limit comment --dport --sports --ports --mark --ctstate --dst-type
            --probability --every --mode --rcheck --set --to-destination --to-ports --set-xmark --save-mark --reject-with
            80 1:2 0x1/0x3 NEW,DNAT LOCAL 0.5 ACCEPT DROP REJECT MARK CONNMARK CT --notrack DNAT SNAT MASQUERADE REDIRECT
            NFQUEUE TPROXY OTHER UNKNOWN --syn --tcp-flags SYN,ACK -f --comment words
            """;

    @Test
    void everySequenceOfWordsOfNftIsRead() {
        Random random = new Random(1);
        for (int i = 0; i < RULES; i++) {
            String rule = words(random, NFT);
            assertThatCode(() -> ListedTables.rule(rule, "")).as(rule).doesNotThrowAnyException();
        }
    }

    @Test
    void everySequenceOfWordsOfIptablesIsRead() {
        Random random = new Random(2);
        for (int i = 0; i < RULES; i++) {
            String rule = words(random, IPTABLES);
            String text = "*filter\n:INPUT ACCEPT [0:0]\n:OTHER - [0:0]\n-A INPUT " + rule + "\nCOMMIT\n";
            assertThatCode(() -> SavedTables.read(text, RuleTable.Tool.IPTABLES, IpFamily.IPV4, Origin.KERNEL)
                            .getFirst()
                            .chains()
                            .values()
                            .forEach(RuleChain::rules))
                    .as(rule)
                    .doesNotThrowAnyException();
        }
    }

    private static String words(Random random, String from) {
        String[] all = from.strip().split("\\s+", -1);
        List<String> words = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            words.add(all[random.nextInt(all.length)]);
        }
        return String.join(" ", words);
    }
}
