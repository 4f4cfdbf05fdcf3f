package io.fairlead.cluster.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fairlead.cluster.objects.Problem;
import io.fairlead.cluster.objects.Reduction.Reduced;
import io.fairlead.core.cluster.SliceObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings changes of the stores to the sink, one at a time, whatever threads they come from. */
final class Delivery implements ReducingStore.Changes {
    private static final String TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time";

    private final ClusterSink sink;
    private final ReentrantLock one = new ReentrantLock();

    Delivery(ClusterSink sink) {
        this.sink = sink;
    }

    void synced() {
        inTurn(sink::synced);
    }

    @Override
    public void problem(Problem problem) {
        inTurn(() -> sink.problem(problem));
    }

    @Override
    public void changed(HasMetadata object, @Nullable Reduced before, @Nullable Reduced now) {
        if (now instanceof Reduced.Slices || before instanceof Reduced.Slices) {
            inTurn(() -> slices(slices(before), slices(now), triggered(object)));
        } else if (now != null) {
            inTurn(() -> put(now));
        } else if (before != null) {
            inTurn(() -> remove(before));
        }
    }

    private void put(Reduced now) {
        switch (now) {
            case Reduced.Service service -> sink.put(service.value());
            case Reduced.Node node -> sink.put(node.value());
            case Reduced.ServiceCidr cidr -> sink.put(cidr.value());
            case Reduced.Slices slices -> slices(List.of(), slices.values(), null);
        }
    }

    private void remove(Reduced before) {
        switch (before) {
            case Reduced.Service service -> sink.remove(service.value().name());
            case Reduced.Node node -> sink.removeNode(node.value().name());
            case Reduced.ServiceCidr cidr -> sink.removeServiceCidr(cidr.value().name());
            case Reduced.Slices slices -> slices(slices.values(), List.of(), null);
        }
    }

    private void slices(List<SliceObject> before, List<SliceObject> now, @Nullable Instant triggered) {
        Map<SliceObject.Key, SliceObject> old =
                before.stream().collect(Collectors.toMap(SliceObject::key, Function.identity()));
        for (SliceObject slice : now) {
            if (!slice.equals(old.remove(slice.key()))) {
                sink.put(slice, triggered);
            }
        }
        old.keySet().stream().sorted().forEach(sink::remove);
    }

    private static List<SliceObject> slices(@Nullable Reduced reduced) {
        return reduced instanceof Reduced.Slices slices ? slices.values() : List.of();
    }

    /** EPS-16: RFC 3339; what is no time counts as none. */
    private static @Nullable Instant triggered(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(TRIGGERED);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            return null;
        }
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
