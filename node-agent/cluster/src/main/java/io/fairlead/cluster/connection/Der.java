package io.fairlead.cluster.connection;

import java.io.ByteArrayOutputStream;
import java.security.spec.InvalidKeySpecException;
import java.util.Arrays;

/**
 * Reads and writes the few elements of the encoding DER (X.690) that are needed to convert a key from PKCS#1 or SEC 1
 * to PKCS#8.
 */
final class Der {
    /** The encoded integer 0, which is the version number in PKCS#8. */
    static final byte[] INTEGER_0 = {0x02, 0x01, 0x00};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int LONG_FORM = 0x80;

    private Der() {}

    static byte[] sequence(byte[]... elements) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] element : elements) {
            content.writeBytes(element);
        }
        return element(SEQUENCE, content.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return element(OCTET_STRING, content);
    }

    /** Returns the content of the first element, without its header. */
    static byte[] content(byte[] der) throws InvalidKeySpecException {
        int start = contentStart(der);
        return Arrays.copyOfRange(der, start, start + contentLength(der));
    }

    /** Returns the first element with its header. */
    static byte[] first(byte[] der) throws InvalidKeySpecException {
        return Arrays.copyOfRange(der, 0, contentStart(der) + contentLength(der));
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < LONG_FORM) {
            element.write(content.length);
        } else { // with as few bytes as possible, because the JDK refuses leading zeros
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            element.write(LONG_FORM | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                element.write(content.length >>> (8 * i));
            }
        }
        element.writeBytes(content);
        return element.toByteArray();
    }

    private static int contentStart(byte[] der) throws InvalidKeySpecException {
        int first = at(der, 1);
        return first < LONG_FORM ? 2 : 2 + (first & ~LONG_FORM);
    }

    private static int contentLength(byte[] der) throws InvalidKeySpecException {
        int first = at(der, 1);
        if (first < LONG_FORM) {
            return first;
        }
        int length = 0;
        for (int i = 2; i < contentStart(der); i++) {
            length = length << 8 | at(der, i);
        }
        if (length < 0 || length > der.length) {
            throw new InvalidKeySpecException("a length beyond the end of the data");
        }
        return length;
    }

    private static int at(byte[] der, int index) throws InvalidKeySpecException {
        if (index >= der.length) {
            throw new InvalidKeySpecException("truncated");
        }
        return der[index] & 0xff;
    }
}
