package io.fairlead.nftables.listing;

import io.fairlead.nftables.NfTables;
import io.fairlead.nftables.read.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registers of a rule while it is listed. A register without a known content yields {@link Term.Unknown}. */
final class TermRegisters {
    private static final int WORD = 4;
    private static final int COUNT = 16;

    private final @Nullable Term[] terms = new Term[COUNT];
    private final int[] starts = new int[COUNT];

    void write(int register, Term term) {
        int first = index(register);
        int words = words(term.length());
        for (int i = first; i >= 0 && i < Math.min(COUNT, first + words); i++) {
            terms[i] = term;
            starts[i] = first;
        }
    }

    Term read(int register) {
        int at = index(register);
        Term term = at < 0 ? null : terms[at];
        return term == null ? new Term.Unknown("register " + register) : term;
    }

    /** Returns the values of which a key or data of this length in bytes consists, beginning at a register. */
    List<Term> read(int register, int length) {
        List<Term> parts = new ArrayList<>(4);
        int at = index(register);
        int end = at + words(length);
        while (at >= 0 && at < Math.min(COUNT, end)) {
            Term term = terms[at];
            if (term == null || starts[at] != at) {
                return List.of(new Term.Unknown("register " + register));
            }
            int words = words(term.length());
            // One expression may load several constants.
            if (term instanceof Term.Constant(Bytes bytes) && at + words > end) {
                parts.add(new Term.Constant(bytes.part(0, (end - at) * WORD)));
            } else {
                parts.add(term);
            }
            at += words;
        }
        return parts.isEmpty() ? List.of(new Term.Unknown("register " + register)) : parts;
    }

    private static int words(int length) {
        return Math.max(1, (length + WORD - 1) / WORD);
    }

    private static int index(int register) {
        int index = register >= NfTables.NFT_REG32_00 ? register - NfTables.NFT_REG32_00 : (register - 1) * WORD;
        return register <= 0 || index >= COUNT ? -1 : index;
    }
}
