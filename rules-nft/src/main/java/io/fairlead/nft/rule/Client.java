package io.fairlead.nft.rule;

import io.fairlead.core.net.Ip;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An element of an affinity map: a client with the endpoint that serves it, or with the part of it that the map has.
 *
 * @param endpoint the address of the endpoint
 * @param port the port of the endpoint
 */
public record Client(Ip ip, Optional<Ip> endpoint, OptionalInt port) {}
