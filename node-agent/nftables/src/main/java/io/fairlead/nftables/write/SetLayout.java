package io.fairlead.nftables.write;

import static io.fairlead.nftables.NfTables.NFT_SET_EVAL;
import static io.fairlead.nftables.NfTables.NFT_SET_INTERVAL;
import static io.fairlead.nftables.NfTables.NFT_SET_MAP;
import static io.fairlead.nftables.NfTables.NFT_SET_TIMEOUT;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.net.Protocol;
import io.fairlead.nft.rule.SetType;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a set or map: what the kernel needs, and what nft stores for its listings.
 *
 * @param data the type of the data; null for a set, and for a map of verdicts
 * @param verdicts whether it is a map of verdicts
 * @param flags a combination of NFT_SET_*
 * @param size the greatest number of elements; 0 for no limit
 * @param timeoutSeconds the time after which an element expires; 0 if elements do not expire
 * @param keySource the "typeof" expression of the key; null if there is none, because the set was declared with "type"
 * @param dataSource the "typeof" expression of the data; null if there is none
 */
public record SetLayout(
        DataType key,
        @Nullable DataType data,
        boolean verdicts,
        int flags,
        int size,
        int timeoutSeconds,
        @Nullable Source keySource,
        @Nullable Source dataSource) {

    /** What nft 1.0.6 stores for a concatenation that was declared with "type": a concatenation without parts. */
    private static final Source UNNAMED = Source.concatenation();

    /**
     * Returns the declaration of a set type.
     *
     * @throws IllegalArgumentException if the type is foreign
     */
    public static SetLayout of(SetType type, IpFamily family) {
        DataType address = DataType.address(family);
        return switch (type) {
            case SetType.Addresses _ -> set(address, 0);
            case SetType.Ranges _ -> set(address, NFT_SET_INTERVAL);
            case SetType.Pairs _ -> set(DataType.concatenation(address, address, DataType.PROTOCOL, DataType.PORT), 0);
            case SetType.Sockets _ -> set(DataType.concatenation(address, DataType.PORT), 0);
            case SetType.VipVerdicts _ -> verdicts(DataType.concatenation(address, DataType.PROTOCOL, DataType.PORT));
            case SetType.NodePortVerdicts _ -> verdicts(DataType.concatenation(DataType.PROTOCOL, DataType.PORT));
            case SetType.VipEndpoints(Protocol protocol) ->
                endpoints(
                        DataType.concatenation(address, DataType.PORT, DataType.INTEGER),
                        family,
                        protocol,
                        Source.address(family, false),
                        Source.port(protocol),
                        Source.random());
            case SetType.NodePortEndpoints(Protocol protocol) ->
                endpoints(
                        DataType.concatenation(DataType.PORT, DataType.INTEGER),
                        family,
                        protocol,
                        Source.port(protocol),
                        Source.random());
            case SetType.PoolEndpoints(Protocol protocol) ->
                endpoints(
                        DataType.concatenation(DataType.PROTOCOL, DataType.INTEGER),
                        family,
                        protocol,
                        Source.protocol(),
                        Source.random());
            case SetType.Affinity(int timeoutSeconds, var remembers) ->
                new SetLayout(
                        address,
                        switch (remembers) {
                            case ADDRESS_AND_PORT -> DataType.concatenation(address, DataType.PORT);
                            case ADDRESS -> address;
                            case PORT -> DataType.PORT;
                        },
                        false,
                        NFT_SET_MAP | NFT_SET_TIMEOUT | NFT_SET_EVAL,
                        SetType.Affinity.SIZE,
                        timeoutSeconds,
                        null,
                        remembers == SetType.Affinity.Remembers.ADDRESS_AND_PORT ? UNNAMED : null);
            case SetType.Foreign _ -> throw new IllegalArgumentException("not a set that Fairlead writes: " + type);
        };
    }

    private static SetLayout set(DataType key, int flags) {
        return new SetLayout(key, null, false, flags, 0, 0, unnamed(key), null);
    }

    private static SetLayout verdicts(DataType key) {
        return new SetLayout(key, null, true, NFT_SET_MAP, 0, 0, unnamed(key), null);
    }

    private static SetLayout endpoints(DataType key, IpFamily family, Protocol protocol, Source... parts) {
        DataType data = DataType.concatenation(DataType.address(family), DataType.PORT);
        Source target = Source.concatenation(Source.address(family, false), Source.port(protocol));
        return new SetLayout(key, data, false, NFT_SET_MAP, 0, 0, Source.concatenation(parts), target);
    }

    private static @Nullable Source unnamed(DataType key) {
        return key.byteOrder() == UserData.NO_BYTE_ORDER ? UNNAMED : null;
    }
}
