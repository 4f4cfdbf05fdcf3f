package io.fairlead.cli;

import picocli.CommandLine.Option;

/** The option of commands that read the nftables rules of all programs. */
final class NftOption {
    @Option(
            names = "--nft",
            paramLabel = "HOW",
            defaultValue = "netlink",
            description = "How nftables rules are read. netlink (the default): by this process itself; program: by the"
                    + " program nft, for nodes where a policy forbids netlink to this process.")
    NftAccess access = NftAccess.netlink;
}
