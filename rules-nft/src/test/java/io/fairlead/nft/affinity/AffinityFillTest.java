package io.fairlead.nft.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.nft.kernel.ReadTable;
import io.fairlead.nft.text.AffinityText;
import io.fairlead.nft.text.TableText;
import org.junit.jupiter.api.Test;

class AffinityFillTest {

    @Test
    void countsTheClientsOfTheFullestMap() {
        assertThat(AffinityFill.fullest(read("""
                table ip kube-proxy {
                	set live-AAAAAAAAAAAAAAAA {
                		type ipv4_addr . inet_service
                		comment "default/web:http"
                		elements = { 10.244.1.11 . 8080, 10.244.1.12 . 8080, 10.244.1.13 . 8080 }
                	}

                	map aff-AAAAAAAAAAAAAAAA {
                		type ipv4_addr : ipv4_addr . inet_service
                		size 65536
                		flags dynamic,timeout
                		timeout 3h
                		comment "default/web:http"
                		elements = { 203.0.113.9 expires 2h59m : 10.244.1.11 . 8080,
                			     203.0.113.10 expires 2h59m : 10.244.1.11 . 8080 }
                	}

                	map aff-BBBBBBBBBBBBBBBB {
                		type ipv4_addr : ipv4_addr . inet_service
                		size 65536
                		flags dynamic,timeout
                		timeout 3h
                		comment "default/other"
                	}

                	chain services {
                	}
                }
                """)))
                .contains(new RememberedClients("default/web:http", IpFamily.IPV4, 2, 65_536));
    }

    @Test
    void aTableWithoutAffinityHasNone() {
        assertThat(AffinityFill.fullest(read("table ip6 kube-proxy {\n\tchain services {\n\t}\n}\n")))
                .isEmpty();
    }

    private static ReadTable read(String listing) {
        return new ReadTable(TableText.parse(listing), AffinityText.counts(listing));
    }
}
