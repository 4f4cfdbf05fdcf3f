/**
 * Reads tables of nf_tables from the kernel by netlink. {@link io.fairlead.nftables.read.NetlinkReader} receives the
 * messages. {@link io.fairlead.nftables.read.TableAssembly} converts them to values, without input or output. A rule is
 * decoded in two stages. First its expressions become {@link io.fairlead.nftables.read.Step}s with {@link
 * io.fairlead.nftables.read.Value}s, which correspond to the parts of the rule in nft's listing. Then the steps become
 * Fairlead's statements, or the text of a foreign rule. Each rule that the package {@code write} has written is read as
 * the same rule.
 */
@NullMarked
package io.fairlead.nftables.read;

import org.jspecify.annotations.NullMarked;
