package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.NFT_REG32_00;
import static io.fairlead.nftables.NfTables.NFT_REG_VERDICT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The registers of a rule: 16 of 4 bytes. A longer value takes several. The kernel names every fourth one NFT_REG_1 to
 * NFT_REG_4, and all of them NFT_REG32_00 to NFT_REG32_15.
 */
final class RegisterFile {
    private static final int WORD = 4;
    private static final int COUNT = 16;
    private static final int WORDS_OF_LONG = 4;

    private final @Nullable Value[] values = new Value[COUNT];
    /** The register with which the value of each register begins. */
    private final int[] starts = new int[COUNT];

    /** Stores a value. */
    void write(int register, Value value) {
        int first = index(register);
        int words = Math.max(1, words(value.length()));
        if (first + words > COUNT) {
            throw new NotOursException("a value does not fit into the registers");
        }
        for (int i = first; i < first + words; i++) {
            values[i] = value;
            starts[i] = first;
        }
    }

    /** Returns the values that a key or data of this length consists of. */
    List<Value> read(int register, int length) {
        List<Value> parts = new ArrayList<>(4);
        int at = index(register);
        int rest = Math.max(1, words(length));
        while (rest > 0) {
            Value value = at < COUNT ? values[at] : null;
            if (value == null || starts[at] != at) {
                throw new NotOursException("no value in register " + register);
            }
            parts.add(value);
            int words = Math.max(1, words(value.length()));
            at += words;
            rest -= words;
        }
        return parts;
    }

    /** Returns the single value that begins in a register. */
    Value read(int register) {
        int at = index(register);
        Value value = values[at];
        if (value == null || starts[at] != at) {
            throw new NotOursException("no value in register " + register);
        }
        return value;
    }

    /** Returns the value that has a register, even if it begins before. */
    Value covering(int register) {
        Value value = values[index(register)];
        if (value == null) {
            throw new NotOursException("no value in register " + register);
        }
        return value;
    }

    private static int words(int length) {
        return (length + WORD - 1) / WORD;
    }

    private static int index(int register) {
        int index = register >= NFT_REG32_00 ? register - NFT_REG32_00 : (register - 1) * WORDS_OF_LONG;
        if (register == NFT_REG_VERDICT || index < 0 || index >= COUNT) {
            throw new NotOursException("register " + register);
        }
        return index;
    }
}
