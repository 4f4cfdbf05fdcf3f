package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests that pseudonyms keep the meaning of rules and hide names and addresses. */
final class PseudonymsTest {
    private static final byte[] KEY = "a key for tests".getBytes(StandardCharsets.US_ASCII);

    private static String changed(String name, String text) {
        Bundle bundle = new Bundle(new TreeMap<>(Map.of(name, text)));
        return new Pseudonyms(KEY).of(bundle).file(name).orElseThrow();
    }

    @Test
    void addressesKeepTheirCommonPrefixes() {
        AddressPseudonyms addresses = new AddressPseudonyms(KEY);
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] one = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(one);
            byte[] two = one.clone();
            int bit = random.nextInt(one.length * 8);
            two[bit / 8] ^= (byte) (0x80 >> (bit % 8));
            Ip first = Ip.of(one);
            Ip second = Ip.of(two);
            if (addresses.of(first).equals(first) && addresses.of(second).equals(second)) {
                continue;
            }
            Cidr around = new Cidr(addresses.of(first).masked(bit), bit);
            assertThat(around.contains(addresses.of(second)))
                    .as("%s %s", first, second)
                    .isTrue();
            Cidr closer = new Cidr(addresses.of(first).masked(bit + 1), bit + 1);
            assertThat(closer.contains(addresses.of(second)))
                    .as("%s %s", first, second)
                    .isFalse();
        }
    }

    @Test
    void addressesWithAMeaningStay() {
        String text =
                "127.0.0.1 0.0.0.0/0 224.0.0.1 169.254.20.10 ::1 fe80::1 ff02::1 ::/0 1.2.3 13:03:49 [0:0] v1.8.9";

        assertThat(changed("rules/nft.txt", text)).isEqualTo(text);
        assertThat(changed("rules/nft.txt", "10.1.2.3")).startsWith("10.").isNotEqualTo("10.1.2.3");
        assertThat(changed("rules/nft.txt", "[2001:db8::7]:80"))
                .doesNotContain("2001:db8::7")
                .endsWith("]:80");
        assertThat(changed("network/addresses.json", "\"02:42:ac:11:00:02\"")).doesNotContain("42:ac:11");
    }

    @Test
    void rangesKeepWhatIsInThem() {
        String changed = changed("rules/nft.txt", "10.244.1.30-10.244.1.40 10.244.1.35 10.244.1.41 10.244.1.0/24");
        String[] words = changed.split(" ", -1);
        String[] range = words[0].split("-", -1);

        assertThat(Ip.parse(range[0])).isLessThan(Ip.parse(words[1]));
        assertThat(Ip.parse(words[1])).isLessThan(Ip.parse(range[1]));
        assertThat(Ip.parse(range[1])).isLessThan(Ip.parse(words[2]));
        assertThat(Cidr.parse(words[3]).contains(Ip.parse(range[0]))).isTrue();
    }

    @Test
    void namesAreReplacedInCommentsChainsAndObjects() {
        Bundle bundle = new Bundle(new TreeMap<>(Map.of(
                "rules/iptables-nft-save.txt",
                """
                :KUBE-SVC-67NZLRHBNDSAWJRO - [0:0]
                -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "shop/web:http cluster IP" -j KUBE-SVC-67NZLRHBNDSAWJRO
                -A INPUT -m comment --comment acme-corp -j DROP
                """,
                "rules/nft.txt",
                """
                		jump service-ULMVA6XW-shop/web/tcp/http
                		ip saddr 10.0.0.0/8 drop comment "for Alice of Acme"
                	chain endpoint-ULMVA6XW-shop/web/tcp/http__10.244.1.35/8080 {
                """,
                "objects.json",
                """
                {"kind":"List","items":[{"kind":"Service","metadata":{"name":"web","namespace":"shop"},
                "spec":{"clusterIP":"10.96.0.10","ports":[{"name":"http","port":80}]}},
                {"kind":"EndpointSlice","metadata":{"name":"web-x","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},
                "endpoints":[{"nodeName":"worker-7","targetRef":{"kind":"Pod","name":"web-pod"},
                "hints":{"forZones":[{"name":"eu-1"}]}}]},{"kind":"Node","metadata":{"name":"worker-7"}}]}
                """,
                "node.txt",
                "worker-7\n")));

        Bundle changed = new Pseudonyms(KEY).of(bundle);

        String all = String.join("\n", changed.files().values());
        assertThat(all)
                .doesNotContain("shop", "web", "worker", "Alice", "Acme", "acme", "67NZLRHBNDSAWJRO", "ULMVA6XW")
                .doesNotContain("10.96.0.10", "10.244.1.35", "eu-1");
        String saved = changed.file("rules/iptables-nft-save.txt").orElseThrow();
        assertThat(saved).contains("--comment \"ns-1/svc-1:http cluster IP\"").contains("-m comment --comment word-");
        String chain = saved.substring(1, saved.indexOf(' '));
        assertThat(saved).contains("-j " + chain + "\n");
        assertThat(changed.file("rules/nft.txt").orElseThrow())
                .containsPattern("jump service-[A-Z2-7]{8}-ns-1/svc-1/tcp/http\n")
                .containsPattern("chain endpoint-[A-Z2-7]{8}-ns-1/svc-1/tcp/http__[a-z2-7]{8} \\{")
                .contains("ip saddr 10.0.0.0/8 drop comment \"for word-");
        assertThat(changed.file("objects.json").orElseThrow())
                .contains("{\"name\":\"svc-1\",\"namespace\":\"ns-1\"}")
                .contains("{\"name\":\"http\",\"port\":80}")
                .contains("\"kubernetes.io/service-name\":\"svc-1\"");
        assertThat(changed.file("node.txt")).contains("node-1\n");
        assertThat(changed.file("objects.json").orElseThrow()).contains("\"nodeName\":\"node-1\"");
    }
}
