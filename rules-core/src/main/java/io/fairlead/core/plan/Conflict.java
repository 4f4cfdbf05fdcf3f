package io.fairlead.core.plan;

/**
 * A frontend that two Service ports claim. Only one of the Service ports holds the frontend. The conflict is reported
 * for the other Service port.
 *
 * @param loser the Service port that does not get the frontend
 * @param frontend the frontend that the loser claims
 * @param holder the Service port that holds the frontend
 */
public record Conflict(ServicePortName loser, Frontend frontend, ServicePortName holder) {

    /** Returns one sentence that describes the conflict to a person. */
    public String text() {
        return loser + ": " + frontend.text() + " is already used by " + holder;
    }
}
