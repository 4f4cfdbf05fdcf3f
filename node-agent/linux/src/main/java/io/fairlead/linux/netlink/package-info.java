/**
 * Netlink: a codec and a socket for all requests of the agent to the kernel. {@link
 * io.fairlead.linux.netlink.MessageWriter} and {@link io.fairlead.linux.netlink.MessageReader} are pure; {@link
 * io.fairlead.linux.netlink.NetlinkSocket} does the system calls. The package contains what all subsystems of netfilter
 * share, and nothing that is specific to one subsystem.
 */
@NullMarked
package io.fairlead.linux.netlink;

import org.jspecify.annotations.NullMarked;
