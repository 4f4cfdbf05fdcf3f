package io.fairlead.agent.serve;

/**
 * Whether the agent has done what it is there for and still can: not what {@code /healthz} asks, which load balancers
 * act on, and which kube-proxy answers with 200 however long the API server is away.
 *
 * @param reason one line for people
 */
public record Readiness(boolean ready, String reason) {}
