package io.fairlead.cli;

import io.fairlead.config.flags.FlagValues;
import io.fairlead.config.flags.KubeProxyFlag;

/** Creates the text of the page {@code /flagz}: kube-proxy's flags with their values. */
final class FlagPage {

    private FlagPage() {}

    static String text(FlagValues flags) {
        StringBuilder out = new StringBuilder();
        out.append("\nkube-proxy flags\nWarning: This endpoint is not meant to be machine parseable.\n\n");
        for (KubeProxyFlag flag : KubeProxyFlag.values()) {
            if (!flag.isDeprecated() || flags.has(flag)) {
                String value = flags.has(flag) ? flags.text(flag) : flag.defaultText();
                out.append(flag.flag()).append('=').append(value).append('\n');
            }
        }
        return out.toString();
    }
}
