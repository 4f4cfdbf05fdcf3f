package io.fairlead.ui;

import java.util.List;

/**
 * What all pages have in common.
 *
 * @param title the title of the page
 * @param current the path of the entry in the navigation to which the page belongs
 * @param node the name of the node
 * @param mode the mode in use
 */
record Chrome(String title, String current, String node, String mode) {

    /** An entry of the navigation. */
    record Entry(String path, String text) {}

    static final List<Entry> NAVIGATION = List.of(
            new Entry(UiSite.SERVICES, "Services"),
            new Entry(UiSite.CHANGES, "Changes"),
            new Entry(UiSite.TRACE, "Trace"),
            new Entry(UiSite.VERIFY, "Verify"),
            new Entry(UiSite.STATUS, "Status"));

    List<Entry> navigation() {
        return NAVIGATION;
    }

    boolean isCurrent(Entry entry) {
        return entry.path().equals(current);
    }
}
