package io.fairlead.cli;

/** The format of a command's output. */
enum OutputFormat {
    text,
    json,
    yaml
}
