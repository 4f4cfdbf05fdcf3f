package io.fairlead.demo;

import io.fairlead.core.net.Ip;
import io.fairlead.lab.Answer;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The results of a number of connections. */
final class Tally {
    private final List<Answer> answers;

    Tally(List<Answer> answers) {
        this.answers = List.copyOf(answers);
    }

    /** Returns the number of connections that each listener answered. */
    SortedMap<String, Integer> answered() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Answer answer : answers) {
            if (answer instanceof Answer.Answered answered) {
                counts.merge(answered.by(), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Returns the source addresses that the listeners saw. */
    SortedSet<Ip> sources() {
        SortedSet<Ip> sources = new TreeSet<>();
        for (Answer answer : answers) {
            if (answer instanceof Answer.Answered answered) {
                sources.add(answered.seenSource());
            }
        }
        return sources;
    }

    /** Returns whether every connection was refused within this time. */
    boolean allRefusedWithin(Duration limit) {
        return answers.stream()
                .allMatch(answer -> answer instanceof Answer.Refused(Duration after) && after.compareTo(limit) <= 0);
    }

    /** Returns whether no connection was answered within its time limit. */
    boolean allTimedOut() {
        return answers.stream().allMatch(Answer.TimedOut.class::isInstance);
    }

    /** Returns whether every connection was answered. */
    boolean allAnswered() {
        return answers.stream().allMatch(Answer.Answered.class::isInstance);
    }

    /** Returns the duration of the slowest connection in milliseconds; 0 if there is no connection. */
    long slowestMillis() {
        return answers.stream()
                .mapToLong(answer -> answer.after().toMillis())
                .max()
                .orElse(0);
    }

    /** Returns how often each result occurred, for example "my-nginx-1 11, my-nginx-2 13" or "refused 3". */
    String text() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (Answer answer : answers) {
            String what = answer instanceof Answer.Answered answered ? answered.by() : answer.text();
            counts.merge(what, 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }
}
