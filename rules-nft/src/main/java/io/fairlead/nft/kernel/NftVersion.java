package io.fairlead.nft.kernel;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first three numbers of a version of nft or of the kernel. */
public record NftVersion(int major, int minor, int patch) implements Comparable<NftVersion> {
    /**
     * The oldest supported version of nft, as in kube-proxy (NFT-28). nft 0.9.8 refuses {@code numgen} in
     * concatenations.
     */
    public static final NftVersion OLDEST_NFT = new NftVersion(1, 0, 1);

    /** The oldest supported version of the kernel (NFT-28). */
    public static final NftVersion OLDEST_KERNEL = new NftVersion(5, 13, 0);

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");
    private static final Comparator<NftVersion> ORDER = Comparator.comparingInt(NftVersion::major)
            .thenComparingInt(NftVersion::minor)
            .thenComparingInt(NftVersion::patch);

    /**
     * Returns the first version in a text such as "nftables v1.0.6 (Lester Gooch #5)" or "6.1.0-44-cloud-amd64"; empty
     * if the text contains no version.
     */
    public static Optional<NftVersion> find(String text) {
        Matcher matcher = NUMBERS.matcher(text);
        return matcher.find()
                ? Optional.of(new NftVersion(number(matcher, 1), number(matcher, 2), number(matcher, 3)))
                : Optional.empty();
    }

    private static int number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null || digits.length() > 6 ? 0 : Integer.parseInt(digits);
    }

    @Override
    public int compareTo(NftVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
