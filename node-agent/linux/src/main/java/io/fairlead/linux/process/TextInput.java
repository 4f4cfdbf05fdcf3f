package io.fairlead.linux.process;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * A stream that encodes portions of text as UTF-8. The next portion is requested only when the previous portion has
 * been read. Otherwise this process would hold all rules of a large cluster, about ten megabytes, at the time when the
 * program that reads them, iptables-restore or nft, uses most memory.
 */
final class TextInput extends InputStream {
    private static final int BUFFER = 16 * 1024;

    private final Iterator<String> portions;
    private CharBuffer text = CharBuffer.allocate(0);
    private final CharsetEncoder encoder = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();

    TextInput(Iterable<String> portions) {
        this.portions = portions.iterator();
    }

    @Override
    public int read() {
        return isMore() ? Byte.toUnsignedInt(bytes.get()) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!isMore()) {
            return -1;
        }
        int count = Math.min(length, bytes.remaining());
        bytes.get(target, offset, count);
        return count;
    }

    /** Fills the buffer {@code bytes} if it is empty. Returns false at the end of the text. */
    private boolean isMore() {
        if (bytes.hasRemaining()) {
            return true;
        }
        bytes.clear();
        CoderResult result = CoderResult.UNDERFLOW;
        while (result.isUnderflow() && (text.hasRemaining() || portions.hasNext())) {
            if (!text.hasRemaining()) {
                text = CharBuffer.wrap(portions.next());
            }
            result = encoder.encode(text, bytes, true);
            encoder.reset();
        }
        bytes.flip();
        return bytes.hasRemaining();
    }
}
