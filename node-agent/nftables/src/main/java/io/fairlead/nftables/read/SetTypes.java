package io.fairlead.nftables.read;

import static io.fairlead.nftables.NfTables.NFT_DATA_VERDICT;

import io.fairlead.core.net.IpFamily;
import io.fairlead.nft.rule.SetType;
import io.fairlead.nftables.write.SetLayout;
import io.fairlead.nftables.write.Source;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the type of a set or map by its declaration. Sets whose declaration Fairlead does not write are foreign. */
final class SetTypes {
    private static final int KEY_TYPEOF = 3;
    private static final int DATA_TYPEOF = 4;
    private static final int SECOND = 1_000;
    private static final Map<IpFamily, Map<Declaration, SetType>> KNOWN = known();

    /**
     * The declaration of a set as the kernel reports it.
     *
     * @param keyTypeof the "typeof" expression of the key as nft stores it; null if the kernel's type of the key alone
     *     identifies the set type
     */
    private record Declaration(
            int flags,
            int keyType,
            int keyLength,
            int dataType,
            int dataLength,
            int size,
            @Nullable Bytes keyTypeof,
            @Nullable Bytes dataTypeof) {}

    private SetTypes() {}

    /** Returns the type of a set that Fairlead declares; null for other sets. */
    static @Nullable SetType of(RawSet set, IpFamily family) {
        SetType known = set.special() ? null : lookUp(set, family);
        long timeout = set.timeoutMilliseconds();
        if (known instanceof SetType.Affinity(var _, var remembers)) {
            boolean whole = timeout > 0 && timeout % SECOND == 0 && timeout / SECOND <= Integer.MAX_VALUE;
            return whole ? new SetType.Affinity((int) (timeout / SECOND), remembers) : null;
        }
        return timeout == 0 ? known : null;
    }

    private static @Nullable SetType lookUp(RawSet set, IpFamily family) {
        Map<Declaration, SetType> known = KNOWN.getOrDefault(family, Map.of());
        SetType ofTypes = known.get(declaration(set, false));
        return ofTypes == null ? known.get(declaration(set, true)) : ofTypes;
    }

    private static Declaration declaration(RawSet set, boolean typeof) {
        return new Declaration(
                set.flags(),
                set.keyType(),
                set.keyLength(),
                set.dataType(),
                set.hasVerdicts() ? 0 : set.dataLength(),
                set.size(),
                typeof ? set.userData().get(KEY_TYPEOF) : null,
                typeof ? set.userData().get(DATA_TYPEOF) : null);
    }

    private static Map<IpFamily, Map<Declaration, SetType>> known() {
        Map<IpFamily, Map<Declaration, SetType>> known = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            Map<Declaration, SetType> byDeclaration = new HashMap<>();
            SetType.ours().forEach(type -> byDeclaration.put(declaration(type, family), type));
            known.put(family, byDeclaration);
        }
        return known;
    }

    private static Declaration declaration(SetType type, IpFamily family) {
        SetLayout layout = SetLayout.of(type, family);
        // Of the declaration of a map of endpoints, only the "typeof" expressions contain the protocol. For all other
        // sets and maps these expressions are not compared, because different versions of nft store different ones.
        boolean typeof = type.isPool();
        Source key = layout.keySource();
        Source data = layout.dataSource();
        return new Declaration(
                layout.flags(),
                layout.key().number(),
                layout.key().length(),
                layout.verdicts()
                        ? NFT_DATA_VERDICT
                        : layout.data() == null ? 0 : layout.data().number(),
                layout.data() == null ? 0 : layout.data().length(),
                layout.size(),
                typeof && key != null ? new Bytes(key.bytes()) : null,
                typeof && data != null ? new Bytes(data.bytes()) : null);
    }
}
