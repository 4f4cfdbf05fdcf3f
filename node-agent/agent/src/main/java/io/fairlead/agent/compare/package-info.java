/**
 * How far the kernel is from what Fairlead would have, without writing anything: for an agent that runs beside kube-proxy. Two
 * questions are answered: which frontends of Services lead elsewhere than they should, whoever wrote the rules, and how many
 * lines Fairlead would write. Entry type: {@link io.fairlead.agent.compare.KernelComparison}.
 */
@NullMarked
package io.fairlead.agent.compare;

import org.jspecify.annotations.NullMarked;
