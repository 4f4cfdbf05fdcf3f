package io.fairlead.cluster.objects;

/**
 * The position of an object in the input.
 *
 * @param source the name of the file, or "standard input"
 * @param document the number of the document in it, from 1; 0 if there is only one
 * @param item the number in a List, from 1; 0 if the object is not in one
 */
record SourcePosition(String source, int document, int item) {

    SourcePosition inList(int number) {
        return new SourcePosition(source, document, number);
    }

    String text() {
        return source + (document == 0 ? "" : ", document " + document) + (item == 0 ? "" : ", item " + item);
    }
}
