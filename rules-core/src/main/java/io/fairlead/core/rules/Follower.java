package io.fairlead.core.rules;

import io.fairlead.core.plan.PlanDelta;

/**
 * Rules that are in the kernel and follow a plan, change by change. It remembers of them what the next change depends on,
 * which need not be the rules. One thread only.
 *
 * @param <C> the backend's changes
 */
public interface Follower<C extends Change> {

    /**
     * What has to be written so that the rules follow. The same lines as {@link Backend#diff} of both plans' rules, with the work
     * that the delta makes and not the cluster, as far as the backend can.
     *
     * @param delta what is different from the plan that the rules carry out now; of the Services alone
     * @throws IllegalArgumentException if the node's own part has changed: then rules are read and followed anew
     */
    C change(PlanDelta delta);

    /** The kernel has taken the last {@link #change}. Without this call the next one counts from the same rules as that did. */
    void accepted();
}
