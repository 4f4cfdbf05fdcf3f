#!/bin/sh
# A Service may have port 53 for TCP and for UDP. Server-side apply identifies an element of spec.ports by port and
# protocol. A strategic merge patch, which client-side apply sends, identifies it by the port alone. So the patch that
# takes away the UDP port takes away both, and the patch that adds the TCP port adds nothing. Neither reports an error.
# Both are computed here as kubectl computes them, from the last applied object, the new one and the live one.
. "$(dirname "$0")/lib/prelude.sh"

go_modules k8s.io/api@v0.37.2 k8s.io/apimachinery@v0.37.2 <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

func service(protocols ...corev1.Protocol) []byte {
	var s corev1.Service
	s.Name = "dns"
	for _, protocol := range protocols {
		s.Spec.Ports = append(s.Spec.Ports, corev1.ServicePort{
			Name: string(protocol), Port: 53, Protocol: protocol, TargetPort: intstr.FromInt32(53)})
	}
	text, _ := json.Marshal(s)
	return text
}

func apply(before, after []byte) string {
	meta, err := strategicpatch.NewPatchMetaFromStruct(corev1.Service{})
	exit(err)
	patch, err := strategicpatch.CreateThreeWayMergePatch(before, after, before, meta, true)
	exit(err)
	result, err := strategicpatch.StrategicMergePatch(before, patch, corev1.Service{})
	exit(err)
	var s corev1.Service
	exit(json.Unmarshal(result, &s))
	ports := "ports"
	for _, port := range s.Spec.Ports {
		ports += fmt.Sprintf(" %d/%s", port.Port, port.Protocol)
	}
	return ports
}

func exit(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
}

func main() {
	both := service("UDP", "TCP")
	switch os.Args[1] {
	case "remove":
		fmt.Println(apply(both, service("TCP")))
	case "add":
		fmt.Println(apply(service("UDP"), both))
	}
}
GO
echo "version: k8s.io/apimachinery v0.37.2, k8s.io/api v0.37.2"
see "53/UDP and 53/TCP, 53/UDP removed" "ports" "$("$work/go/finding" remove)"
see "53/UDP, 53/TCP added" "ports 53/UDP" "$("$work/go/finding" add)"
conclude
