package io.fairlead.explain.read;

import tools.jackson.core.JacksonException;

/** Converts errors of the JSON parser to {@link ReadException}s. */
public final class WrongJson {
    private WrongJson() {}

    /**
     * Returns an exception with the place and the reason of an error, without the description of the source that the
     * library appends.
     */
    public static ReadException of(JacksonException e) {
        String reason = String.valueOf(e.getOriginalMessage());
        int source = reason.indexOf(" (start marker at [Source");
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
        int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
        return new ReadException(
                Math.max(1, line),
                Math.max(1, column),
                "not JSON: " + (source < 0 ? reason : reason.substring(0, source)));
    }
}
