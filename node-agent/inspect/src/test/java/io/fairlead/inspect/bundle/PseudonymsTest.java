package io.fairlead.inspect.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.Cidr;
import io.fairlead.core.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that pseudonyms keep the meaning of rules and hide names and addresses. */
final class PseudonymsTest {
    private static final byte[] KEY = "a key for tests".getBytes(StandardCharsets.US_ASCII);

    private static String changed(String name, String text) {
        Bundle bundle = new Bundle(new TreeMap<>(Map.of(name, text)));
        return Pseudonyms.replaceIn(bundle, KEY).file(name).orElseThrow();
    }

    @Test
    void addressesKeepTheirCommonPrefixes() {
        AddressPseudonyms addresses = new AddressPseudonyms(new KeyedHash(KEY), OrderedBits.NONE);
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
    void addressesAreFoundInEveryNotation() {
        assertThat(changed("rules/nft.txt", "to:203.0.113.9 ::ffff:203.0.113.9 [2001:db8::7]-[2001:db8::9]:80"))
                .doesNotContain("203.0.113", "2001:db8::7", "2001:db8::9")
                .matches("to:[0-9.]+ ::ffff:[0-9.]+ \\[[0-9a-f:]+]-\\[[0-9a-f:]+]:80");
        assertThat(changed("rules/nft.txt", "203.0.113.9-999.1.1.1 999.1.1.1-203.0.113.9 203.0.113.9-2001:db8::7"))
                .doesNotContain("203.0.113", "2001:db8::7");
        assertThat(changed("rules/nft.txt", "dnat to 203.0.113.9-203.0.113.12:80-90"))
                .doesNotContain("203.0.113")
                .matches("dnat to [0-9.]+-[0-9.]+:80-90");
    }

    @Test
    void aRangeThatIsANetworkStaysANetwork() {
        assertThat(changed("rules/nft.txt", "0.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
                .isEqualTo("0.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
        String[] words = changed("rules/nft.txt", "10.244.0.0-10.244.255.255 10.244.0.0/16")
                .split(" ", -1);
        Cidr network = Cidr.parse(words[1]);
        assertThat(words[0])
                .isNotEqualTo("10.244.0.0-10.244.255.255")
                .isEqualTo(network.network() + "-" + AddressBits.last(network.network(), 16));
    }

    /** The ranges of one rule must not show the addresses of all other rules. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0-255.255.255.255",
                "1.0.0.1-223.255.255.254",
                "9.255.255.255-11.0.0.0",
                "10.0.0.0-10.244.1.35",
                "192.168.0.1-192.168.255.254",
                "203.0.113.5-203.0.113.9",
                "2001:db8::1-fd00::9",
                "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "1.1.1.1-9.9.9.9 10.0.0.1-10.244.1.200 192.168.1.10-192.168.1.20 8.8.8.8-203.0.113.9"
            })
    void noAddressSurvivesARangeAndNoneLeavesOrEntersIt(String ranges) {
        Set<Ip> addresses = new TreeSet<>();
        for (int i = 0; i < 256; i++) {
            addresses.add(Ip.parse("10.244.1." + i));
            addresses.add(Ip.parse("10.244." + i % 64 + ".7"));
            addresses.add(Ip.parse("10.96." + i + ".10"));
            addresses.add(Ip.parse("192.168.1." + i));
            addresses.add(Ip.parse("203.0.113." + i));
            addresses.add(Ip.parse("2001:db8::" + Integer.toHexString(i)));
            addresses.add(Ip.parse("fd00::" + Integer.toHexString(i)));
        }
        List.of("8.8.8.8", "1.1.1.1", "9.9.9.9", "11.1.2.3", "172.16.3.4", "100.64.1.1")
                .forEach(text -> addresses.add(Ip.parse(text)));
        String hosts = addresses.stream().map(Ip::text).collect(Collectors.joining(" "));

        for (int key = 0; key < 20; key++) {
            Bundle bundle = new Bundle(
                    new TreeMap<>(Map.of("rules/nft.txt", ranges + "\n", "network/addresses.json", hosts + "\n")));
            Bundle changed = Pseudonyms.replaceIn(bundle, new byte[] {(byte) key});

            List<Ip> after = Arrays.stream(words(changed, "network/addresses.json"))
                    .map(Ip::parse)
                    .toList();
            assertThat(Set.copyOf(after)).hasSameSizeAs(addresses);
            String[] before = ranges.split(" ", -1);
            String[] now = words(changed, "rules/nft.txt");
            int at = 0;
            for (Ip ip : addresses) {
                Ip pseudonym = after.get(at++);
                assertThat(pseudonym).isNotEqualTo(ip);
                for (int i = 0; i < before.length; i++) {
                    assertThat(contains(now[i], pseudonym))
                            .as("%s in %s, as %s in %s", pseudonym, now[i], ip, before[i])
                            .isEqualTo(contains(before[i], ip));
                }
            }
        }
    }

    private static String[] words(Bundle bundle, String name) {
        return bundle.file(name).orElseThrow().strip().split(" ", -1);
    }

    private static boolean contains(String range, Ip ip) {
        String[] ends = range.split("-", -1);
        Ip first = Ip.parse(ends[0]);
        return first.family() == ip.family() && first.compareTo(ip) <= 0 && ip.compareTo(Ip.parse(ends[1])) <= 0;
    }

    /** Without any limit, a network whose addresses are all known would keep all bits of a range's end. */
    @Test
    void anEndAmongManyAddressesIsHiddenAtTheCostOfItsRange() {
        StringBuilder hosts = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            byte[] address = {(byte) 192, (byte) 168, 77, 88};
            AddressBits.invert(address, 16 + bit);
            hosts.append(Ip.of(address)).append(' ');
        }
        for (int key = 0; key < 50; key++) {
            Bundle bundle = new Bundle(
                    new TreeMap<>(Map.of("rules/nft.txt", "192.168.77.88-200.1.1.1", "network/n", hosts.toString())));
            assertThat(Pseudonyms.replaceIn(bundle, new byte[] {(byte) key}).file("rules/nft.txt"))
                    .hasValueSatisfying(text -> assertThat(text).doesNotContain("192.168.77.88"));
        }
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

        Bundle changed = Pseudonyms.replaceIn(bundle, KEY);

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
