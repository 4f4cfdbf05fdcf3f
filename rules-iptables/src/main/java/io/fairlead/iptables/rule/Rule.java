package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule of a chain of ours, or our jump in a chain of the kernel. */
public sealed interface Rule {

    /** Returns the origin of the rule. */
    Origin origin();

    /** Returns the same rule with another origin. */
    Rule from(Origin origin);

    /** Returns the chain of ours that the rule leads to; null if there is none. */
    default @Nullable ChainName leadsTo() {
        return this instanceof Known known && known.target() instanceof Target.Jump(ChainName chain) ? chain : null;
    }

    /** Returns whether the rule names an nfacct object. */
    default boolean isCounted() {
        return this instanceof Known known && known.matches().stream().anyMatch(Match.Counted.class::isInstance);
    }

    /** Returns whether both rules have the same effect and the same comment, whatever their origins. */
    boolean sameAs(Rule other);

    /**
     * A rule whose meaning is known.
     *
     * @param matches the conditions, all of which must hold, in the order of {@link Match#rank()}
     */
    record Known(List<Match> matches, Target target, Comment comment, Origin origin) implements Rule {
        private static final Comparator<Match> ORDER = Comparator.comparingInt(Match::rank);

        /**
         * Sorts the conditions.
         *
         * @throws IllegalArgumentException if two conditions check the same thing
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

        /** Returns whether both rules have the same effect, whatever their comments. */
        public boolean doesTheSameAs(Known other) {
            return target.equals(other.target) && matches.equals(other.matches);
        }
    }

    /**
     * All rules of a chain of ours that iptables could not show. It equals no other rule, so a diff writes the whole
     * chain.
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
     * A rule under our names that Fairlead cannot have written. It equals no other rule, so a diff replaces it.
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
