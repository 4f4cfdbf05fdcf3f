package io.fairlead.core.project;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** Java source in memory, for the JDK's parser. */
final class SourceText extends SimpleJavaFileObject {
    private final String text;

    SourceText(String text) {
        super(URI.create("string:///Source.java"), Kind.SOURCE);
        this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
