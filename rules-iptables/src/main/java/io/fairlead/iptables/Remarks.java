package io.fairlead.iptables;

import io.fairlead.core.rules.Notice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sentences about one topic for the operator. Each sentence is reported once when it becomes true. It is reported again
 * only if it was false in between.
 */
final class Remarks {
    private final Set<String> known = new HashSet<>();
    private final List<Notice> unreported = new ArrayList<>();

    /** Sets the sentences that are true now; all other sentences are false now. */
    void are(Collection<String> sentences) {
        known.retainAll(sentences);
        sentences.forEach(this::add);
    }

    /** Adds a sentence that is true now. */
    void add(String sentence) {
        if (known.add(sentence)) {
            unreported.add(new Notice.Remark(sentence));
        }
    }

    /** Returns the sentences that were not reported yet. Each later call returns only newer sentences. */
    List<Notice> take() {
        List<Notice> taken = List.copyOf(unreported);
        unreported.clear();
        return taken;
    }
}
