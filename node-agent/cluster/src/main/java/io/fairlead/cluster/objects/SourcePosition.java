package io.fairlead.cluster.objects;

/**
 * The position of an object in the input.
 *
 * @param source the name of the file, or "standard input"
 * @param document the number of the document in the file, from 1; 0 if the file has only one document
 * @param item the number of the object in a List, from 1; 0 if the object is not in a List
 */
record SourcePosition(String source, int document, int item) {

    SourcePosition inList(int number) {
        return new SourcePosition(source, document, number);
    }

    String text() {
        return source + (document == 0 ? "" : ", document " + document) + (item == 0 ? "" : ", item " + item);
    }
}
