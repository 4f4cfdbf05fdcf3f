package io.fairlead.nft.rule;

import io.fairlead.core.net.IpPort;

/** The data of an element of a map. */
public sealed interface ElementData permits Verdict, ElementData.Target {

    /** The endpoint that receives the packet. */
    record Target(IpPort endpoint) implements ElementData {}
}
