package io.fairlead.nftables.write;

import io.fairlead.core.net.IpFamily;

/**
 * A type of keys or data with nft's number for it. The kernel stores the number only for the listings of nft.
 *
 * @param number nft's number for the type. The number of a concatenation consists of the numbers of its parts, with 6
 *     bits for each part
 * @param length the length in bytes. In a concatenation each part is padded to a multiple of 4 bytes
 * @param byteOrder a constant {@code ..._BYTE_ORDER} of {@link UserData}
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
