package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.Results;
import io.fairlead.agent.serve.ProxyMetrics;
import io.fairlead.core.net.IpFamily;
import io.fairlead.core.plan.ProxyMode;
import io.fairlead.core.rules.Notice;
import io.fairlead.linux.time.ManualTime;
import org.junit.jupiter.api.Test;

final class MetricsListenerTest {

    @Test
    void countsEachFamilyInWhichObjectsCouldNotBeDeleted() {
        ProxyMetrics metrics = new ProxyMetrics(ProxyMode.NFTABLES);
        MetricsListener listener = new MetricsListener(metrics.sync(), new ManualTime());

        listener.after(Results.with(new Notice.Undeleted(IpFamily.IPV6), new Notice.Remark("of no interest here")));
        listener.after(Results.unchanged());
        listener.after(Results.with(new Notice.Undeleted(IpFamily.IPV4), new Notice.Undeleted(IpFamily.IPV6)));

        assertThat(metrics.text())
                .contains("kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total{ip_family=\"IPv4\"} 1.0")
                .contains("kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total{ip_family=\"IPv6\"} 2.0");
    }
}
