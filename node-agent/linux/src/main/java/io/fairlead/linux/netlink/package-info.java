/**
 * A codec for netlink messages, and a socket that sends them to the kernel. {@link
 * io.fairlead.linux.netlink.MessageWriter} and {@link io.fairlead.linux.netlink.MessageReader} make no system calls;
 * {@link io.fairlead.linux.netlink.NetlinkSocket} makes them. Other packages define the messages of netfilter's
 * subsystems.
 */
@NullMarked
package io.fairlead.linux.netlink;

import org.jspecify.annotations.NullMarked;
