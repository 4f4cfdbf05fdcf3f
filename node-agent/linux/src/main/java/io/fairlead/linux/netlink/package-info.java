/**
 * Netlink: one codec and one socket for everything that the agent asks the kernel. {@link
 * io.fairlead.linux.netlink.MessageWriter} and {@link io.fairlead.linux.netlink.MessageReader} are pure; {@link
 * io.fairlead.linux.netlink.NetlinkSocket} does the calls. The package knows the netlink of netfilter only as far as
 * all its subsystems share it, and no subsystem.
 */
@NullMarked
package io.fairlead.linux.netlink;

import org.jspecify.annotations.NullMarked;
