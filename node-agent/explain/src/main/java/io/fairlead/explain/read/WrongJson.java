package io.fairlead.explain.read;

import tools.jackson.core.JacksonException;

/** Says where a text is no JSON. */
public final class WrongJson {
    private WrongJson() {}

    /** Returns the place and the reason of an error, without what the library adds about its source. */
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
