package io.fairlead.iptables.text;

import io.fairlead.core.net.IpFamily;
import io.fairlead.iptables.rule.Rule;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rules with a counter, which kube-proxy writes where the kernel has nfacct (CT-16, NP-21) and Fairlead never writes.
 * They are read only to be traced. Everywhere else they are foreign rules and are replaced.
 */
public final class CountedRule {
    private static final Pattern COUNTER = Pattern.compile("-m nfacct --nfacct-name +\\S+ ");

    private CountedRule() {}

    /** Returns the rule without its counter; empty if the rest is unknown too. */
    public static Optional<Rule.Known> uncounted(Rule.ForeignRule rule, IpFamily family) {
        String text = COUNTER.matcher(rule.text()).replaceAll("");
        return new RuleReader(family).read(text, 0, rule.origin()) instanceof Rule.Known known
                ? Optional.of(known)
                : Optional.empty();
    }
}
