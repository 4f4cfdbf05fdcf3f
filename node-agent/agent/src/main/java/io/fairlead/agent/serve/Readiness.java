package io.fairlead.agent.serve;

/**
 * Whether the agent has written the rules and can still follow the cluster. This is not {@code /healthz}, which load
 * balancers read, and which kube-proxy answers with 200 however long the API server is absent.
 *
 * @param reason one line for people
 */
public record Readiness(boolean ready, String reason) {}
