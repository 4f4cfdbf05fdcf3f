/**
 * The types and parsers that the readers of iptables, nft and JSON share. Entry type: {@link
 * io.fairlead.explain.read.ReadException}.
 */
@NullMarked
package io.fairlead.explain.read;

import org.jspecify.annotations.NullMarked;
