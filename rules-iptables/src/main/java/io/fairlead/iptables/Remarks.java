package io.fairlead.iptables;

import io.fairlead.core.rules.Notice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Sentences about one topic. Each is reported once when it becomes true, and again only after it was not true. */
final class Remarks {
    private final Set<String> known = new HashSet<>();
    private final List<Notice> unreported = new ArrayList<>();

    /** Sets all sentences that are true now. */
    void are(Collection<String> sentences) {
        known.retainAll(sentences);
        sentences.forEach(this::add);
    }

    /** Adds a sentence that is true. */
    void add(String sentence) {
        if (known.add(sentence)) {
            unreported.add(new Notice.Remark(sentence));
        }
    }

    /** Returns and forgets the sentences to report. */
    List<Notice> take() {
        List<Notice> taken = List.copyOf(unreported);
        unreported.clear();
        return taken;
    }
}
