package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.NFT_REG32_00;
import static io.fairlead.nftables.NfTables.NFT_REG_VERDICT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values in the registers of a rule while the rule is decoded. There are 16 registers of 4 bytes; a longer value
 * uses several registers. The kernel has two names for registers: NFT_REG32_00 to NFT_REG32_15 for all of them, and
 * NFT_REG_1 to NFT_REG_4 for every fourth register.
 */
final class RegisterFile {
    private static final int WORD = 4;
    private static final int COUNT = 16;
    private static final int WORDS_OF_LONG = 4;

    private final @Nullable Value[] values = new Value[COUNT];
    /** For each register, the first register of the value that is stored in it. */
    private final int[] starts = new int[COUNT];

    /** Stores a value in a register and, if it is long, in the registers after it. */
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

    /**
     * Returns the values of a key, or of the data of a map element, which are stored in consecutive registers.
     *
     * @param register the number of the first register
     * @param length the length of the key or data in bytes
     */
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

    /** Returns the value that is stored in a register, even if it begins in an earlier register. */
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
