package io.fairlead.cli;

/** How an agent writes nftables rules; the names are the values of {@code --nft}. */
public enum NftAccess {
    /** The library if it can be used safely, else the program. */
    auto,
    program,
    /** libnftables in this process. */
    library
}
