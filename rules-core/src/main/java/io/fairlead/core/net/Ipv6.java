package io.fairlead.core.net;

/** An IPv6 address as two 64-bit numbers. {@code high} contains the first 8 bytes of the address. */
public record Ipv6(long high, long low) implements Ip {

    @Override
    public IpFamily family() {
        return IpFamily.IPV6;
    }

    @Override
    public Ipv6 masked(int prefixLength) {
        return new Ipv6(mask(high, Math.min(prefixLength, 64)), mask(low, Math.max(prefixLength - 64, 0)));
    }

    @Override
    public byte[] bytes() {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[8 + i] = (byte) (low >>> (56 - 8 * i));
        }
        return bytes;
    }

    @Override
    public boolean isLoopback() {
        return high == 0 && low == 1;
    }

    /**
     * Returns the text of RFC 5952: lower case and no leading zeros. "::" replaces the longest sequence of two or more
     * zero groups; if several are equally long, the first of them.
     */
    @Override
    public String text() {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && group(i + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = i;
                runLength = length;
            }
            i += length;
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return text();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xffff;
    }

    private static long mask(long half, int keep) {
        return keep == 0 ? 0 : half & (-1L << (64 - keep));
    }
}
