package io.fairlead.agent.cli;

/** How a command answers. */
enum OutputFormat {
    text,
    json,
    yaml
}
