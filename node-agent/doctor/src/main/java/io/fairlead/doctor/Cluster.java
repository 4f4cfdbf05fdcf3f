package io.fairlead.doctor;

import io.fairlead.core.cluster.ClusterState;
import io.fairlead.core.plan.NodeSettings;
import io.fairlead.core.plan.Plan;

/** The objects of the cluster, with the plan for this node. */
public record Cluster(ClusterState state, NodeSettings settings, Plan plan) {}
