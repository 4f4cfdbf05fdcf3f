package io.fairlead.cli;

import io.fairlead.cluster.objects.ClusterInput;
import io.fairlead.core.flow.Host;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;

/** A plan, and what it was computed from. */
record Planned(Plan plan, NodeSettings settings, Host host, ClusterInput input) {}
