package io.fairlead.agent.source;

import io.fairlead.core.net.Ip;
import io.fairlead.linux.process.Command;
import io.fairlead.linux.process.ProcessResult;
import io.fairlead.linux.process.ProcessRunner;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists the addresses of the interfaces in a network namespace. */
public final class InterfaceAddresses {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private InterfaceAddresses() {}

    /**
     * Returns the addresses in the network namespace of this process, including loopback addresses, without duplicates.
     * No program is run.
     *
     * @throws IllegalStateException if the kernel does not list them
     */
    public static List<Ip> ofThisProcess() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(address -> Ip.of(address.getAddress()))
                    .distinct()
                    .toList();
        } catch (SocketException e) {
            throw new IllegalStateException("cannot list interface addresses: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the addresses that {@code ip -j addr show} (iproute2 4.13 or later) lists, including loopback addresses,
     * in the order of the interfaces, without duplicates.
     *
     * @param runner runs programs inside the network namespace
     * @throws IllegalStateException if the program fails or its output cannot be parsed
     * @throws io.fairlead.linux.process.ProgramMissingException if the program {@code ip} is not installed
     */
    public static List<Ip> read(ProcessRunner runner) {
        ProcessResult result = runner.run(Command.of("ip", "-j", "addr", "show"));
        if (!result.succeeded()) {
            throw new IllegalStateException(
                    "cannot list interface addresses: " + result.error().strip());
        }
        List<Ip> addresses = new ArrayList<>();
        try {
            for (JsonNode link : JSON.readTree(result.output())) {
                for (JsonNode address : link.path("addr_info")) {
                    addresses.add(Ip.parse(address.path("local").asString("")));
                }
            }
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IllegalStateException("cannot parse the output of ip -j addr show: " + e.getMessage(), e);
        }
        return addresses.stream().distinct().toList();
    }
}
