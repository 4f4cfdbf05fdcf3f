package io.fairlead.nft.affinity;

import io.fairlead.core.net.IpPort;
import io.fairlead.nft.diff.TableChange;
import io.fairlead.nft.layout.Names;
import io.fairlead.nft.rule.Element;
import io.fairlead.nft.rule.ElementKey;
import io.fairlead.nft.rule.NamedSet;
import io.fairlead.nft.rule.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The endpoints that a change removes from the pool of a Service port with ClientIP affinity.
 *
 * @param pool the names of the objects for the pool
 */
record RemovedEndpoints(Names.Sticky pool, Set<IpPort> endpoints) {

    /**
     * Returns one value for each pool that loses endpoints. A pool that is deleted as a whole is ignored, because the
     * kernel deletes its map of clients together with it.
     */
    static List<RemovedEndpoints> of(TableChange change) {
        List<RemovedEndpoints> removed = new ArrayList<>();
        for (Operation operation : change.main()) {
            if (operation instanceof Operation.DeleteElements(NamedSet set, List<Element> elements)) {
                Names.stickyOfLive(set.name())
                        .ifPresent(pool -> removed.add(new RemovedEndpoints(pool, ends(elements))));
            }
        }
        return removed;
    }

    private static Set<IpPort> ends(List<Element> elements) {
        Set<IpPort> ends = new TreeSet<>();
        for (Element element : elements) {
            if (element.key() instanceof ElementKey.Socket(IpPort address)) {
                ends.add(address);
            }
        }
        return ends;
    }
}
