package io.fairlead.cluster.connection;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Allows one thread to close the body of a response while another thread reads it. fabric8 8.0.0 does this when it
 * ends a watch. With OkHttp 5.5 and HTTP/1.1 both threads would use the same buffer at the same time. The connection
 * might then stay open, and two connections might get the same segment of OkHttp's buffer pool. Therefore, closing a
 * body that was not read to its end first cancels the call, which ends the read. It then waits until the reading
 * thread has returned.
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
            this.source = (BufferedSource) Proxy.newProxyInstance(
                    BufferedSource.class.getClassLoader(),
                    new Class<?>[] {BufferedSource.class},
                    new Exclusive(body.source(), call));
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

    /**
     * Allows only one thread at a time to use a source. It is a dynamic proxy, because okio's own implementation is
     * final and the interface has forty methods.
     */
    private static final class Exclusive implements InvocationHandler {
        private final BufferedSource source;
        private final Call call;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile boolean ended;

        Exclusive(BufferedSource source, Call call) {
            this.source = source;
            this.call = call;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("close") && !ended) {
                call.cancel();
            }
            lock.lock();
            try {
                Object result = method.invoke(source, arguments);
                if (method.getName().equals("exhausted")) {
                    ended = Boolean.TRUE.equals(result);
                }
                return result;
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            } finally {
                lock.unlock();
            }
        }
    }
}
