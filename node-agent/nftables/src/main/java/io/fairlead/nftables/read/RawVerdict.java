package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.*;

import io.fairlead.linux.netlink.Attributes;
import io.fairlead.nft.rule.ChainName;
import io.fairlead.nft.rule.Verdict;

/**
 * A verdict as the kernel reports it.
 *
 * @param chain the target of a jump or goto; "" for other verdicts
 */
public record RawVerdict(int code, String chain) {

    /** Reads the attributes that are nested in NFTA_DATA_VERDICT. */
    public static RawVerdict read(Attributes attributes) {
        int code = 0;
        String chain = "";
        while (attributes.next()) {
            switch (attributes.type()) {
                case NFTA_VERDICT_CODE -> code = attributes.u32();
                case NFTA_VERDICT_CHAIN -> chain = attributes.string();
                default -> {}
            }
        }
        return new RawVerdict(code, chain);
    }

    /**
     * Returns the verdict as a value of Fairlead.
     *
     * @throws NotOursException if Fairlead writes no such verdict
     */
    Verdict verdict() {
        return switch (code) {
            case NFT_JUMP -> new Verdict.Jump(new ChainName(chain));
            case NFT_GOTO -> new Verdict.Goto(new ChainName(chain));
            case NFT_RETURN -> new Verdict.Return();
            case NF_ACCEPT -> new Verdict.Accept();
            case NF_DROP -> new Verdict.Drop();
            default -> throw new NotOursException("verdict " + code);
        };
    }

    /** Returns the verdict as nft lists it, for example "jump services". */
    public String text() {
        return switch (code) {
            case NFT_JUMP -> "jump " + chain;
            case NFT_GOTO -> "goto " + chain;
            case NFT_RETURN -> "return";
            case NFT_CONTINUE -> "continue";
            case NF_ACCEPT -> "accept";
            case NF_DROP -> "drop";
            case NF_QUEUE -> "queue";
            default -> "[verdict " + code + "]";
        };
    }

    private static final int NFT_CONTINUE = -1;
    private static final int NF_QUEUE = 3;
}
