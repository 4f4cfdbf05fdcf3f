package io.fairlead.nft.rule;

import io.fairlead.core.net.Ip;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An element of an affinity map: a client, and the endpoint that serves it. Some maps contain only the address or only
 * the port of the endpoint.
 *
 * @param ip the address of the client
 * @param endpoint the address of the endpoint; empty if the map does not contain it
 * @param port the port of the endpoint; empty if the map does not contain it
 */
public record Client(Ip ip, Optional<Ip> endpoint, OptionalInt port) {}
