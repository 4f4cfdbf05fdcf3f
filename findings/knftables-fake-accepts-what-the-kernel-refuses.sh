#!/bin/sh
# knftables, the library under kube-proxy's nftables mode, has a Fake of nft for unit tests. It accepts changes that
# the kernel refuses as a whole: another value for a key of a map that is there (it replaces the value; the kernel
# answers EEXIST, and the rest of the transaction is lost too), the deletion of a chain that a rule of another chain
# jumps to, the deletion of a set that a rule uses (EBUSY), and ranges that overlap in a set. So the tests of a proxy
# pass, and its first change of an endpoint on a node does not.
. "$(dirname "$0")/lib/prelude.sh"
debian nftables=1.0.6-2+deb12u2 libnftables1=1.0.6-2+deb12u2 libnftnl11=1.2.4-2

go_modules sigs.k8s.io/knftables@v0.0.22 <<'GO'
package main

import (
	"context"
	"fmt"

	"sigs.k8s.io/knftables"
)

func base(nft knftables.Interface) error {
	tx := nft.NewTransaction()
	tx.Add(&knftables.Table{})
	tx.Add(&knftables.Chain{Name: "endpoint"})
	tx.Add(&knftables.Chain{Name: "service"})
	tx.Add(&knftables.Set{Name: "used", Type: "ipv4_addr"})
	tx.Add(&knftables.Set{Name: "ranges", Type: "ipv4_addr", Flags: []knftables.SetFlag{knftables.IntervalFlag}})
	tx.Add(&knftables.Map{Name: "ips", Type: "ipv4_addr : ipv4_addr"})
	tx.Add(&knftables.Element{Map: "ips", Key: []string{"10.96.0.10"}, Value: []string{"10.0.0.1"}})
	tx.Add(&knftables.Element{Set: "ranges", Key: []string{"10.0.0.0/8"}})
	tx.Add(&knftables.Rule{Chain: "service", Rule: "ip saddr @used jump endpoint"})
	return nft.Run(context.Background(), tx)
}

func main() {
	changes := []struct {
		name string
		make func(*knftables.Transaction)
	}{
		{"another value for a key", func(tx *knftables.Transaction) {
			tx.Add(&knftables.Element{Map: "ips", Key: []string{"10.96.0.10"}, Value: []string{"10.0.0.2"}})
		}},
		{"deletion of a chain in use", func(tx *knftables.Transaction) {
			tx.Delete(&knftables.Chain{Name: "endpoint"})
		}},
		{"deletion of a set in use", func(tx *knftables.Transaction) {
			tx.Delete(&knftables.Set{Name: "used"})
		}},
		{"overlapping ranges", func(tx *knftables.Transaction) {
			tx.Add(&knftables.Element{Set: "ranges", Key: []string{"10.1.0.0/16"}})
		}},
	}
	for _, change := range changes {
		fake := knftables.NewFake(knftables.IPv4Family, "finding")
		real, err := knftables.New(knftables.IPv4Family, "finding")
		if err != nil {
			panic(err)
		}
		for _, nft := range []knftables.Interface{fake, real} {
			if err := base(nft); err != nil {
				panic(err)
			}
			tx := nft.NewTransaction()
			change.make(tx)
			said := "accepted"
			if nft.Run(context.Background(), tx) != nil {
				said = "refused"
			}
			fmt.Printf("%s, %T: %s\n", change.name, nft, said)
		}
		tx := real.NewTransaction()
		tx.Delete(&knftables.Table{})
		if err := real.Run(context.Background(), tx); err != nil {
			panic(err)
		}
	}
}
GO
echo "version: knftables 0.0.22, $(nft --version)"
in_namespace "$work/go/finding" >"$work/seen" || cannot "knftables found no nft"
for what in "another value for a key" "deletion of a chain in use" "deletion of a set in use" "overlapping ranges"; do
    see "$what, Fake" accepted "$(sed -n "s/^$what, \*knftables.Fake: //p" "$work/seen")"
    see "$what, kernel" refused "$(sed -n "s/^$what, \*knftables.realNFTables: //p" "$work/seen")"
done
conclude
