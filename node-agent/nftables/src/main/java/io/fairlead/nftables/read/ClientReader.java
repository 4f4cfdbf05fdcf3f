package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.core.net.Ip;
import io.fairlead.core.net.IpFamily;
import io.fairlead.linux.netlink.Attributes;
import io.fairlead.linux.netlink.MessageReader;
import io.fairlead.nft.rule.Client;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads the elements of an affinity map, which remembers the endpoint of each client. The data of an element are the
 * endpoint's address, its port, or both.
 */
final class ClientReader {
    private static final int PORT = 2;

    private final int address;
    private final List<Client> into;

    ClientReader(IpFamily family, List<Client> into) {
        this.address = family.bits() / Byte.SIZE;
        this.into = into;
    }

    /** Reads a message NFT_MSG_NEWSETELEM. */
    void elements(MessageReader message) {
        Attributes attributes = message.netfilterAttributes();
        while (attributes.next()) {
            if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
                Attributes elements = attributes.nested();
                while (elements.next()) {
                    RawElement element = RawElement.read(elements.nested());
                    Bytes data = element.data();
                    if (data != null && element.key().length() == address) {
                        into.add(client(element.key().ip(0, address), data));
                    }
                }
            }
        }
    }

    private Client client(Ip client, Bytes data) {
        boolean hasAddress = data.length() >= address;
        return new Client(
                client,
                hasAddress ? Optional.of(data.ip(0, address)) : Optional.empty(),
                data.length() == PORT
                        ? OptionalInt.of(data.u16(0))
                        : data.length() > address ? OptionalInt.of(data.u16(address)) : OptionalInt.empty());
    }
}
