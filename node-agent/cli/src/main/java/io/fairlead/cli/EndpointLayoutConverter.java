package io.fairlead.cli;

import io.fairlead.iptables.render.EndpointLayout;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the values "kube-proxy" and "compact" of an option. */
final class EndpointLayoutConverter implements ITypeConverter<EndpointLayout> {

    /** The values that shell completion offers. */
    static final class Words implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(EndpointLayout.values()).map(EndpointLayout::text).iterator();
        }
    }

    @Override
    public EndpointLayout convert(String value) {
        for (EndpointLayout layout : EndpointLayout.values()) {
            if (layout.text().equals(value)) {
                return layout;
            }
        }
        throw new TypeConversionException("expected kube-proxy or compact, but was '" + value + "'");
    }
}
