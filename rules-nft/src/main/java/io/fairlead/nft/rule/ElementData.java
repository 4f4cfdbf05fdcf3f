package io.fairlead.nft.rule;

import io.fairlead.core.net.IpPort;

/** What an element of a map holds. */
public sealed interface ElementData permits Verdict, ElementData.Target {

    /** Where a packet is sent. */
    record Target(IpPort endpoint) implements ElementData {}
}
