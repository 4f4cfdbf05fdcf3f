package io.fairlead.cluster.watch;

import io.fairlead.cluster.objects.ClusterChange;
import io.fairlead.cluster.objects.PodNames;
import io.fairlead.cluster.objects.Problem;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Passes calls from any thread to a sink, one call at a time. */
final class Delivery implements ClusterSink {
    private final ClusterSink sink;
    private final ReentrantLock one = new ReentrantLock();

    Delivery(ClusterSink sink) {
        this.sink = sink;
    }

    @Override
    public void changed(List<ClusterChange> changes) {
        inTurn(() -> sink.changed(changes));
    }

    @Override
    public void synced() {
        inTurn(sink::synced);
    }

    @Override
    public void problem(Problem problem) {
        inTurn(() -> sink.problem(problem));
    }

    @Override
    public void pods(Supplier<PodNames> names) {
        inTurn(() -> sink.pods(names));
    }

    private void inTurn(Runnable call) {
        one.lock();
        try {
            call.run();
        } finally {
            one.unlock();
        }
    }
}
