package io.fairlead.explain.dump;

import io.fairlead.explain.read.ReadException;
import java.io.Serial;

/** A file contains text that is not the output of a known tool, or an output that is malformed or incomplete. */
public final class DumpException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    DumpException(String file, int line, int column, String what) {
        super(file + ":" + line + ":" + column + ": " + what);
    }

    DumpException(String file, int firstLine, ReadException e) {
        this(file, firstLine + e.line() - 1, e.column(), String.valueOf(e.getMessage()));
    }
}
