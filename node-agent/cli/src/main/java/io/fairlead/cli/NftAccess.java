package io.fairlead.cli;

/** How nftables rules are written. The names are the values of {@code --nft}. */
public enum NftAccess {
    /** By netlink, in this process. */
    netlink,
    /** By the program nft, with a process for each change. */
    program
}
