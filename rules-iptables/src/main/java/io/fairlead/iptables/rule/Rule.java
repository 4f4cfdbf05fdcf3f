package io.fairlead.iptables.rule;

import io.fairlead.core.plan.Origin;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule in one of Fairlead's chains, or Fairlead's jump in a built-in chain. */
public sealed interface Rule {

    /** Returns the origin of the rule. */
    Origin origin();

    /** Returns this rule with another origin. */
    Rule from(Origin origin);

    /** Returns the chain to which the rule jumps; null if the rule does not jump, or if its meaning is not known. */
    default @Nullable ChainName leadsTo() {
        return this instanceof Known known && known.target() instanceof Target.Jump(ChainName chain) ? chain : null;
    }

    /** Returns whether the rule counts packets in an nfacct object. */
    default boolean isCounted() {
        return this instanceof Known known && known.matches().stream().anyMatch(Match.Counted.class::isInstance);
    }

    /** Returns whether both rules have the same effect and the same comment. The origins may differ. */
    boolean sameAs(Rule other);

    /**
     * A rule whose meaning is known.
     *
     * @param matches the conditions, all of which must be true, in the order of {@link Match#rank()}
     */
    record Known(List<Match> matches, Target target, Comment comment, Origin origin) implements Rule {
        private static final Comparator<Match> ORDER = Comparator.comparingInt(Match::rank);

        /**
         * Sorts the conditions.
         *
         * @throws IllegalArgumentException if two conditions are of the same kind
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

        /** Returns whether both rules have the same effect. The comments may differ. */
        public boolean doesTheSameAs(Known other) {
            return target.equals(other.target) && matches.equals(other.matches);
        }
    }

    /**
     * Stands for all rules of a chain that iptables could not show. It equals no other rule, so a diff writes the whole
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
     * A rule in one of Fairlead's chains that Fairlead cannot have written. It equals no rule that Fairlead writes, so
     * a diff replaces it.
     *
     * @param text the rule as iptables-save printed it, without "-A chain "
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
