package io.fairlead.cli;

/** How a command answers. */
enum OutputFormat {
    text,
    json,
    yaml
}
