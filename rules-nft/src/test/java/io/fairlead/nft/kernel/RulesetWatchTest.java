package io.fairlead.nft.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesetWatchTest {

    /** Counts open sockets. One bind fails, and all queries fail. */
    private static final class NoNetfilter implements CLibrary {
        final List<Integer> open = new ArrayList<>();
        final int failingBind;
        int sockets;
        int binds;

        NoNetfilter(int failingBind) {
            this.failingBind = failingBind;
        }

        @Override
        public int socket(int domain, int type, int protocol) {
            sockets++;
            open.add(sockets);
            return sockets;
        }

        @Override
        public int bind(int descriptor, byte[] address, int length) {
            binds++;
            return binds == failingBind ? -1 : 0;
        }

        @Override
        public int close(int descriptor) {
            assertThat(open.remove(Integer.valueOf(descriptor))).isTrue();
            return 0;
        }

        @Override
        public int open(String path, int flags) {
            return -1;
        }

        @Override
        public int memfd_create(String label, int flags) {
            return -1;
        }

        @Override
        public int setns(int descriptor, int kind) {
            return -1;
        }

        @Override
        public int malloc_trim(long keep) {
            return 0;
        }

        @Override
        public int madvise(long address, long length, int advice) {
            return -1;
        }

        @Override
        public long send(int descriptor, byte[] data, long length, int flags) {
            return -1;
        }

        @Override
        public long recv(int descriptor, byte[] data, long length, int flags) {
            return -1;
        }

        @Override
        public int getsockopt(int descriptor, int level, int name, byte[] value, int[] length) {
            return -1;
        }
    }

    @ParameterizedTest(name = "bind {0} fails")
    @ValueSource(ints = {1, 2})
    void leavesNoSocketOpenIfTheKernelDoesNotTell(int failing) {
        NoNetfilter libc = new NoNetfilter(failing);

        assertThat(RulesetWatch.open(libc, _ -> true)).isEmpty();
        assertThat(libc.sockets).isEqualTo(2);
        assertThat(libc.open).isEmpty();
    }
}
