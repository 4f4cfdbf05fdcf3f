package io.fairlead.cli;

import io.fairlead.core.plan.ProxyMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the values "iptables" and "nftables" of an option, which are spelled as in kube-proxy. */
final class ProxyModeConverter implements ITypeConverter<ProxyMode> {
    @Override
    public ProxyMode convert(String value) {
        for (ProxyMode mode : ProxyMode.values()) {
            if (mode.text().equals(value)) {
                return mode;
            }
        }
        throw new TypeConversionException(
                value.equals("ipvs")
                        ? "ipvs is not supported; use nftables (kernel 5.13 or later), or iptables"
                        : "expected iptables or nftables, but was '" + value + "'");
    }
}
