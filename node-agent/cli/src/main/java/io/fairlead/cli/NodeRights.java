package io.fairlead.cli;

import io.fairlead.linux.process.Capabilities;
import io.fairlead.linux.process.Capabilities.Capability;
import java.util.List;

/**
 * Whether this process may do what an agent does. Checked once, at the start: the tools say "you must be root" to a
 * root that lacks a capability, and an agent that went on would log that at every attempt.
 */
final class NodeRights {

    private NodeRights() {}

    /**
     * Checks them.
     *
     * @throws CommandException if one is missing, with what to do about it
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
                "this process lacks the capability " + capability + ", which is needed " + need,
                List.of(
                        "in a pod: securityContext.capabilities.add: [NET_ADMIN, NET_RAW]",
                        "elsewhere: start it as root"));
    }
}
