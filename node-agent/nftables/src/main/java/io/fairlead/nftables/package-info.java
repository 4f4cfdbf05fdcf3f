/** The constants of the kernel's nf_tables. */
@NullMarked
package io.fairlead.nftables;

import org.jspecify.annotations.NullMarked;
