/** The numbers of nf_tables. */
@NullMarked
package io.fairlead.nftables;

import org.jspecify.annotations.NullMarked;
