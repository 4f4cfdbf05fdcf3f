package io.fairlead.e2e.packets;

import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts packets with its own table in the node's kernel: packets that reach an endpoint on the node, and packets that
 * leave the node with the Service's address as destination. All counted packets are dropped. The only queue on this
 * path is the backlog of the loopback interface. Each system call of the sender fills and empties this queue, so no
 * packet can be lost without being counted. A run without changes of rules must confirm this.
 */
final class FlowCounts {
    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");
    private static final String TABLE = """
            table ip flow-counts {
              counter delivered {}
              counter untranslated {}
              chain arriving {
                type filter hook input priority 300
                udp dport 8080 counter name delivered drop
              }
              chain leaving {
                type filter hook postrouting priority 300
                ip daddr 10.96.0.10 counter name untranslated drop
              }
            }
            """;

    private final ProcessRunner node;

    FlowCounts(ProcessRunner node) {
        this.node = node;
        run(Command.of("nft", "-f", "-").withInput(TABLE));
    }

    long delivered() {
        return count("delivered");
    }

    long untranslated() {
        return count("untranslated");
    }

    private long count(String counter) {
        Matcher packets = PACKETS.matcher(run(Command.of("nft", "list", "counter", "ip", "flow-counts", counter)));
        if (!packets.find()) {
            throw new IllegalStateException("no counter " + counter);
        }
        return Long.parseLong(packets.group(1));
    }

    private String run(Command command) {
        ProcessResult result = node.run(command);
        if (!result.succeeded()) {
            throw new IllegalStateException(result.error());
        }
        return result.output();
    }
}
