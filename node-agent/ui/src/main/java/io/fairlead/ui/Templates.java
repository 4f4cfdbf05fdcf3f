package io.fairlead.ui;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.fairlead.agent.serve.Page;
import java.util.Map;

/** Renders the templates. The class is loaded at the first request, and with it the template library. */
final class Templates {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Templates.class.getClassLoader(), "io.fairlead.ui");

    private Templates() {}

    /** Returns a page. The library escapes every value for the place in which it stands. */
    static Page page(int status, String template, Map<String, Object> values) {
        StringOutput out = new StringOutput();
        ENGINE.render(template, values, out);
        return Page.of(status, "text/html; charset=utf-8", out.toString())
                .with("Cache-Control", "no-store")
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none';"
                                + " frame-ancestors 'none'")
                .with("Referrer-Policy", "no-referrer");
    }
}
