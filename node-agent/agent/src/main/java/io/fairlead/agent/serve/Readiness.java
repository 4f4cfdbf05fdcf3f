package io.fairlead.agent.serve;

/**
 * Whether the agent has applied the rules and still receives changes of the cluster. It is not the same as {@code
 * /healthz}, which load balancers read: as in kube-proxy, {@code /healthz} stays at the status 200 while the API server
 * is unreachable.
 *
 * @param reason one line of text for users
 */
public record Readiness(boolean ready, String reason) {}
