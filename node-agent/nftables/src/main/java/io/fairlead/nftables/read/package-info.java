/**
 * Reads tables of nf_tables from the kernel by netlink. {@link io.fairlead.nftables.read.NetlinkReader} dumps; {@link
 * io.fairlead.nftables.read.TableAssembly} makes values of the messages and is pure. A rule is decoded in two steps:
 * its expressions become {@link io.fairlead.nftables.read.Step}s of {@link io.fairlead.nftables.read.Value}s, as nft
 * lists them; then they become statements of ours, or the text of a foreign rule. The first step reverses what package
 * write does; for every rule that Fairlead writes, both steps return the same rule.
 */
@NullMarked
package io.fairlead.nftables.read;

import org.jspecify.annotations.NullMarked;
