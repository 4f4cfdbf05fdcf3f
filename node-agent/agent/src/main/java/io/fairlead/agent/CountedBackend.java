package io.fairlead.agent;

import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.Plan;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Backend;
import io.fairlead.core.rules.Change;
import io.fairlead.core.rules.Follower;
import io.fairlead.core.rules.RememberedClients;
import io.fairlead.core.rules.Ruleset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A backend whose reads and writes are counted.
 *
 * @param notDeleted told of each family in which a write left something behind that nothing uses any more
 */
record CountedBackend<R extends Ruleset, C extends Change>(
        Backend<R, C> backend, RuleCounts counts, Consumer<IpFamily> notDeleted) implements Backend<R, C> {

    @Override
    public ProxyMode mode() {
        return backend.mode();
    }

    @Override
    public R render(Plan plan) {
        return backend.render(plan);
    }

    @Override
    public C diff(R current, R desired) {
        return backend.diff(current, desired);
    }

    @Override
    public R after(R current, R desired, C change) {
        return backend.after(current, desired, change);
    }

    @Override
    public Follower<C> follow(R kernel, Plan plan) {
        return backend.follow(kernel, plan);
    }

    @Override
    public C removal(R current) {
        return backend.removal(current);
    }

    @Override
    public List<String> leftovers(R current) {
        return backend.leftovers(current);
    }

    @Override
    public R read() {
        R rules = backend.read();
        counts.read(rules);
        return rules;
    }

    @Override
    public void apply(C change) {
        backend.apply(change);
        counts.applied(change);
        backend.leftBehind().forEach(notDeleted);
    }

    @Override
    public Set<IpFamily> leftBehind() {
        return backend.leftBehind();
    }

    @Override
    public Optional<RememberedClients> fullestAffinity() {
        return backend.fullestAffinity();
    }

    @Override
    public Optional<String> changedByOthers() {
        return backend.changedByOthers();
    }

    @Override
    public boolean noticesOthers() {
        return backend.noticesOthers();
    }

    @Override
    public List<String> news() {
        return backend.news();
    }
}
