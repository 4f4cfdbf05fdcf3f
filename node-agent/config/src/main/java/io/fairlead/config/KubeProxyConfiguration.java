package io.fairlead.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * {@code KubeProxyConfiguration} of {@code kubeproxy.config.k8s.io/v1alpha1}, with the same fields as in kube-proxy
 * 1.37. These are the fields that a file may have and that {@code --write-config-to} and {@code /configz} show. If a
 * field is not set, a nullable component is null, and any other component is 0, false or "". The values have the right
 * types but may be invalid; {@link Validation} checks them.
 */
record KubeProxyConfiguration(
        String apiVersion,
        String bindAddress,
        boolean bindAddressHardFail,
        ClientConnection clientConnection,
        @JsonProperty("clusterCIDR") String clusterCidr,
        Duration configSyncPeriod,
        Conntrack conntrack,
        DetectLocal detectLocal,
        String detectLocalMode,
        boolean enableProfiling,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
        SortedMap<String, Boolean> featureGates,

        String healthzBindAddress,
        String hostnameOverride,
        Iptables iptables,
        Ipvs ipvs,
        String kind,
        Logging logging,
        String metricsBindAddress,
        String mode,
        Nftables nftables,
        @Nullable List<String> nodePortAddresses,
        @Nullable Integer oomScoreAdj,
        String portRange,
        String showHiddenMetricsForVersion,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean windowsRunAsService,
        Winkernel winkernel) {

    static final String API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";
    static final String KIND = "KubeProxyConfiguration";

    record ClientConnection(String acceptContentTypes, int burst, String contentType, String kubeconfig, float qps) {}

    record Conntrack(
            @Nullable Integer maxPerCore,
            @Nullable Integer min,
            boolean tcpBeLiberal,

            @JsonDeserialize(using = GoTypes.UnsetDuration.class) @Nullable
            Duration tcpCloseWaitTimeout,

            @JsonDeserialize(using = GoTypes.UnsetDuration.class) @Nullable
            Duration tcpEstablishedTimeout,

            Duration udpStreamTimeout,
            Duration udpTimeout) {}

    record DetectLocal(String bridgeInterface, String interfaceNamePrefix) {}

    record Iptables(
            @Nullable Boolean localhostNodePorts,
            boolean masqueradeAll,
            @Nullable Integer masqueradeBit,
            Duration minSyncPeriod,
            Duration syncPeriod) {}

    record Ipvs(
            @JsonProperty("excludeCIDRs") @Nullable List<String> excludeCidrs,
            Duration minSyncPeriod,
            String scheduler,
            @JsonProperty("strictARP") boolean strictArp,
            Duration syncPeriod,
            Duration tcpFinTimeout,
            Duration tcpTimeout,
            Duration udpTimeout) {}

    record Logging(
            FlushFrequency flushFrequency,
            String format,
            Options options,
            long verbosity,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable
            List<Vmodule> vmodule) {

        record Vmodule(String filePattern, long verbosity) {}

        record Options(Output json, Output text) {}

        record Output(
                GoQuantity infoBufferSize,

                @JsonInclude(JsonInclude.Include.NON_DEFAULT)
                boolean splitStream) {}

        /**
         * A duration in one of two notations.
         *
         * @param text whether the duration is written as a text like "5s"; otherwise as a number of nanoseconds, as in
         *     old files
         */
        record FlushFrequency(Duration time, boolean text) {}
    }

    record Nftables(
            boolean masqueradeAll, @Nullable Integer masqueradeBit, Duration minSyncPeriod, Duration syncPeriod) {}

    record Winkernel(
            @JsonProperty("enableDSR") boolean enableDsr,
            boolean forwardHealthCheckVip,
            String networkName,
            String rootHnsEndpointName,
            String sourceVip) {}
}
