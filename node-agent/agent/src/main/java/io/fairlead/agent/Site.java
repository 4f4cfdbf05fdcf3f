package io.fairlead.agent;

import io.fairlead.agent.loop.RoundListener;
import io.fairlead.agent.loop.RoundResult;
import io.fairlead.agent.serve.Page;
import io.fairlead.agent.source.ClusterSource;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Pages for people, which the agent serves on metricsBindAddress. The caller of the agent provides them. */
public interface Site extends RoundListener {
    /** A site without pages. */
    Site NONE = new Site() {
        @Override
        public SortedMap<String, Page.Source> pages(Supplier<List<ClusterSource.Detail>> status) {
            return Collections.emptySortedMap();
        }

        @Override
        public void after(RoundResult result) {
            // There is no page that shows it.
        }
    };

    /**
     * Returns the pages by path.
     *
     * @param status returns the lines of the page {@code /statusz}
     */
    SortedMap<String, Page.Source> pages(Supplier<List<ClusterSource.Detail>> status);
}
