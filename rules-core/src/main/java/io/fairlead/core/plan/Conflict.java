package io.fairlead.core.plan;

/**
 * A frontend that two Service ports claim. One holds it; the conflict is reported for the other one.
 *
 * @param loser the Service port that does not get the frontend
 * @param frontend the frontend that the loser claims
 * @param holder the Service port that holds the frontend
 */
public record Conflict(ServicePortName loser, Frontend frontend, ServicePortName holder) {

    /** Returns one sentence for people. */
    public String text() {
        return loser + ": " + frontend.text() + " is already used by " + holder;
    }
}
