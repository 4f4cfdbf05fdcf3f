package io.fairlead.cluster.connection;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Lets a body be closed while another thread reads it, as fabric8 8.0.0 does when it ends a watch. With HTTP/1.1 OkHttp
 * 5.5 then has two threads in one buffer, which breaks it and may leave the connection open. Here closing cancels the
 * call first, which ends the read, and goes on when the reader has left.
 */
final class ClosableBodies implements Interceptor {

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.newBuilder()
                .body(new Closable(response.body(), chain.call()))
                .build();
    }

    private static final class Closable extends ResponseBody {
        private final ResponseBody body;
        private final BufferedSource source;

        Closable(ResponseBody body, Call call) {
            this.body = body;
            this.source = Okio.buffer(new Exclusive(body.source(), call));
        }

        @Override
        public @Nullable MediaType contentType() {
            return body.contentType();
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public BufferedSource source() {
            return source;
        }
    }

    /** Has one thread at a time. */
    private static final class Exclusive extends ForwardingSource {
        private final Call call;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile boolean ended;

        Exclusive(BufferedSource source, Call call) {
            super(source);
            this.call = call;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            lock.lock();
            try {
                long count = super.read(sink, byteCount);
                ended = count < 0;
                return count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                call.cancel();
            }
            lock.lock();
            try {
                super.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
