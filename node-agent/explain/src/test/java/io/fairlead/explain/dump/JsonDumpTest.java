package io.fairlead.explain.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.explain.read.json.JsonListing;
import org.junit.jupiter.api.Test;

/** Tests that nft's JSON is read with the same result as nft's text. */
final class JsonDumpTest {

    @Test
    void rulesSetsAndChainsBecomeText() {
        String json = """
                {"nftables": [{"metainfo": {"version": "1.0.6"}},
                 {"table": {"family": "inet", "name": "o", "handle": 1}},
                 {"set": {"family": "inet", "name": "s", "table": "o", "type": "ipv4_addr", "handle": 2, "flags": ["interval"],
                   "elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}, {"range": ["192.0.2.1", "192.0.2.9"]}]}},
                 {"map": {"family": "inet", "name": "m", "table": "o", "type": ["ipv4_addr", "inet_service"], "handle": 3,
                   "map": "verdict", "elem": [[{"concat": ["10.0.0.1", 80]}, {"jump": {"target": "x"}}]]}},
                 {"chain": {"family": "inet", "table": "o", "name": "f", "handle": 4, "type": "filter", "hook": "forward",
                   "prio": 10, "policy": "drop"}},
                 {"chain": {"family": "inet", "table": "o", "name": "x", "handle": 5}},
                 {"rule": {"family": "inet", "table": "o", "chain": "f", "handle": 6, "comment": "hello", "expr": [
                   {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}},
                   {"counter": {"packets": 1, "bytes": 2}}, {"accept": null}]}},
                 {"rule": {"family": "inet", "table": "o", "chain": "f", "handle": 7, "expr": [
                   {"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}},
                   {"reject": {"type": "icmpx", "expr": "admin-prohibited"}}]}},
                 {"rule": {"family": "inet", "table": "o", "chain": "f", "handle": 8, "expr": [
                   {"match": {"op": "!=", "left": {"&": [{"meta": {"key": "mark"}}, 255]}, "right": 0}},
                   {"mangle": {"key": {"meta": {"key": "mark"}}, "value": 1}},
                   {"dnat": {"family": "ip", "addr": "10.0.0.9", "port": 80}}]}},
                 {"rule": {"family": "inet", "table": "o", "chain": "f", "handle": 9, "expr": [
                   {"vmap": {"key": {"concat": [{"payload": {"protocol": "ip", "field": "daddr"}},
                     {"payload": {"protocol": "tcp", "field": "dport"}}]}, "data": "@m"}}]}}]}
                """;

        assertThat(JsonListing.text(json)).isEqualTo("""
                table inet o {
                	set s {
                		type ipv4_addr
                		flags interval
                		elements = { 10.0.0.0/8, 192.0.2.1-192.0.2.9 }
                	}
                	map m {
                		type ipv4_addr . inet_service : verdict
                		elements = { 10.0.0.1 . 80 : jump x }
                	}
                	chain f {
                		type filter hook forward priority 10; policy drop;
                		ct state established, related counter accept comment "hello" # handle 6
                		ip saddr @s reject with icmpx type admin-prohibited # handle 7
                		meta mark & 255 != 0 meta mark set 1 dnat ip to 10.0.0.9:80 # handle 8
                		ip daddr . tcp dport vmap @m # handle 9
                	}
                	chain x {
                	}
                }
                """);
    }
}
