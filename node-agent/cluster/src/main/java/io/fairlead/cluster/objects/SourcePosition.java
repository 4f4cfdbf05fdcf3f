package io.fairlead.cluster.objects;

/**
 * Where an object stands in the input.
 *
 * @param source the file as it was named, or "standard input"
 * @param document number of the document in it, from 1; 0 if there is only one
 * @param item number in a List, from 1; 0 if it is not in one
 */
record SourcePosition(String source, int document, int item) {

    SourcePosition inList(int number) {
        return new SourcePosition(source, document, number);
    }

    String text() {
        return source + (document == 0 ? "" : ", document " + document) + (item == 0 ? "" : ", item " + item);
    }
}
