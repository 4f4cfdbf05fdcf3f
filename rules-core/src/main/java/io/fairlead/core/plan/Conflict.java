package io.fairlead.core.plan;

/**
 * A frontend that two Service ports claim. One holds it; the other is told.
 *
 * @param loser the Service port that does not get it
 * @param frontend what it asked for
 * @param holder the Service port that has it
 */
public record Conflict(ServicePortName loser, Frontend frontend, ServicePortName holder) {

    /** One sentence for people. */
    public String text() {
        return loser + ": " + frontend.text() + " is held by " + holder;
    }
}
