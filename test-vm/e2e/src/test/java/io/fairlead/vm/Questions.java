package io.fairlead.vm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Asks the kernel many questions at the same time, so that the slowest answer decides the duration and not the sum. */
final class Questions {
    private Questions() {}

    /**
     * Asks all questions and returns all findings: sticky ones first, otherwise in order. Questions to sticky Services
     * are asked one after the other, because two simultaneous first connections of one client may reach different
     * endpoints.
     *
     * @param answers function of a question and whether it is sticky
     * @throws IllegalStateException if a question throws, or this thread is interrupted
     */
    static <Q> List<String> ask(
            Collection<Q> questions, Predicate<Q> sticky, BiFunction<Q, Boolean, List<String>> answers) {
        List<String> found = new ArrayList<>();
        try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> findings = new ArrayList<>();
            Map<Boolean, List<Q>> parted = questions.stream().collect(Collectors.partitioningBy(sticky));
            findings.add(waiting.submit(() -> parted.get(true).stream()
                    .flatMap(question -> answers.apply(question, true).stream())
                    .toList()));
            for (Q question : parted.get(false)) {
                findings.add(waiting.submit(() -> answers.apply(question, false)));
            }
            for (Future<List<String>> finding : findings) {
                found.addAll(finding.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted between flows", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a flow could not be checked: " + e.getCause(), e.getCause());
        }
        return found;
    }
}
