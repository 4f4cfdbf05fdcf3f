package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule of a chain of ours, or a jump of ours in one of the kernel's. */
public sealed interface Rule {

    /** Where it comes from. */
    Origin origin();

    /** The same rule with another origin. */
    Rule from(Origin origin);

    /** Our chain that the rule leads to; null if it leads to none. */
    default @Nullable ChainName leadsTo() {
        return this instanceof Known known && known.target() instanceof Target.Jump(ChainName chain) ? chain : null;
    }

    /** True if both do the same and say the same; where they come from does not count. */
    boolean sameAs(Rule other);

    /**
     * A rule whose meaning is known.
     *
     * @param matches conditions, all of which have to hold, in the order of {@link Match#rank()}
     */
    record Known(List<Match> matches, Target target, Comment comment, Origin origin) implements Rule {
        private static final Comparator<Match> ORDER = Comparator.comparingInt(Match::rank);

        /**
         * Sorts the conditions.
         *
         * @throws IllegalArgumentException if two conditions are about the same thing
         */
        public Known {
            matches = matches.size() < 2
                    ? List.copyOf(matches)
                    : matches.stream().sorted(ORDER).toList();
            for (int i = 1; i < matches.size(); i++) {
                if (matches.get(i - 1).rank() == matches.get(i).rank()) {
                    throw new IllegalArgumentException("two conditions about one thing: " + matches);
                }
            }
        }

        @Override
        public Known from(Origin other) {
            return new Known(matches, target, comment, other);
        }

        @Override
        public boolean sameAs(Rule other) {
            return other instanceof Known known && doesTheSameAs(known) && comment.equals(known.comment);
        }

        /** True if both do the same, whatever their comments say. */
        public boolean doesTheSameAs(Known other) {
            return target.equals(other.target) && matches.equals(other.matches);
        }
    }

    /**
     * All rules of a chain of ours, which iptables could not show. It is the same as no rule, so a diff writes the
     * chain whole.
     */
    record Unread(Origin origin) implements Rule {
        @Override
        public Unread from(Origin other) {
            return new Unread(other);
        }

        @Override
        public boolean sameAs(Rule other) {
            return false;
        }
    }

    /**
     * Something under our names that we cannot have written. It is the same as no other rule, so a diff replaces it.
     *
     * @param text the rule as iptables-save printed it, after "-A chain "
     */
    record ForeignRule(String text, Origin origin) implements Rule {
        @Override
        public ForeignRule from(Origin other) {
            return new ForeignRule(text, other);
        }

        @Override
        public boolean sameAs(Rule other) {
            return equals(other);
        }
    }
}
