package io.fairlead.iptables.render;

import io.fairlead.core.plan.Endpoint;
import io.fairlead.core.plan.Split.Share;
import io.fairlead.iptables.rule.Probability;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the rules that choose an endpoint. They are executed in order until one matches.
 *
 * @param chance the probability with which the rule matches; null if it always matches
 */
record Choice(Endpoint endpoint, @Nullable Probability chance) {

    /**
     * Returns the choices that send an even part of the packets to each endpoint (IPT-17), or to each endpoint of a
     * share its part of the share's weight (SPLIT-1).
     *
     * @param shares empty if the packets are not split
     */
    static List<Choice> of(List<Endpoint> endpoints, List<Share> shares) {
        return shares.isEmpty() ? even(endpoints) : weighted(shares);
    }

    private static List<Choice> even(List<Endpoint> endpoints) {
        List<Choice> choices = new ArrayList<>(endpoints.size());
        int left = endpoints.size();
        for (Endpoint endpoint : endpoints) {
            choices.add(new Choice(endpoint, left > 1 ? Probability.oneOf(left) : null));
            left--;
        }
        return choices;
    }

    /** The weight that is left is computed for each endpoint from the weights, so rounding errors do not add up. */
    private static List<Choice> weighted(List<Share> shares) {
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            int size = share.endpoints().size();
            double later = 0;
            for (Share other : shares.subList(i + 1, shares.size())) {
                later += other.weight();
            }
            double each = (double) share.weight() / size;
            for (int k = 0; k < size; k++) {
                double left = each * (size - k) + later;
                boolean last = i == shares.size() - 1 && k == size - 1;
                choices.add(new Choice(share.endpoints().get(k), last ? null : Probability.of(each, left)));
            }
        }
        return choices;
    }
}
