package io.fairlead.cli;

import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.Capabilities.Capability;
import java.util.List;

/**
 * Checks at the start whether this process has the Linux capabilities that an agent needs. If a capability is missing,
 * programs like iptables print "you must be root" even for root, and an agent would log this message at every attempt.
 */
final class NodeRights {

    private NodeRights() {}

    /**
     * Checks the capabilities.
     *
     * @throws CommandException if a capability is missing; the details say what the user can do
     */
    static void check(Capabilities capabilities, Dialect<?, ?> dialect) {
        if (!capabilities.has(Capability.NET_ADMIN)) {
            throw missing(Capability.NET_ADMIN, "to read and write the kernel's rules");
        }
        dialect.needs().forEach((capability, need) -> {
            if (!capabilities.has(capability)) {
                throw missing(capability, need);
            }
        });
    }

    private static CommandException missing(Capability capability, String need) {
        return new CommandException(
                ExitCode.KERNEL,
                "this process does not have the capability " + capability + ", which is needed " + need,
                List.of(
                        "in a pod: set securityContext.capabilities.add: [NET_ADMIN, NET_RAW]",
                        "elsewhere: start it as root"));
    }
}
