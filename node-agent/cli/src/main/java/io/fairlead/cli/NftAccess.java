package io.fairlead.cli;

/** The ways to read and write nftables rules. The names are the values of the option {@code --nft}. */
public enum NftAccess {
    /** By netlink messages that this process sends to the kernel. */
    netlink,
    /** By the program nft, which is started for each read and each change. */
    program
}
