package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;

/**
 * The types of values by the numbers of nft. The kernel stores the number of a set's key for the listings of nft and
 * ignores it.
 *
 * @param number of a concatenation: the numbers of its parts, of 6 bits each
 * @param length in bytes; each part of a concatenation is padded to 4
 * @param byteOrder by the numbers of {@link UserData}
 */
public record DataType(int number, int length, int byteOrder) {
    static final DataType INTEGER = new DataType(4, 4, UserData.HOST_BYTE_ORDER);
    static final DataType PROTOCOL = new DataType(12, 1, UserData.HOST_BYTE_ORDER);
    static final DataType PORT = new DataType(13, 2, UserData.NETWORK_BYTE_ORDER);
    private static final DataType IPV4 = new DataType(7, 4, UserData.NETWORK_BYTE_ORDER);
    private static final DataType IPV6 = new DataType(8, 16, UserData.NETWORK_BYTE_ORDER);

    private static final int BITS_OF_A_PART = 6;

    static DataType address(IpFamily family) {
        return switch (family) {
            case IPV4 -> IPV4;
            case IPV6 -> IPV6;
        };
    }

    static DataType concatenation(DataType... parts) {
        int number = 0;
        int length = 0;
        for (DataType part : parts) {
            number = number << BITS_OF_A_PART | part.number;
            length += Registers.padded(part.length);
        }
        return new DataType(number, length, UserData.NO_BYTE_ORDER);
    }
}
