#!/bin/sh
# A port in quotes is an error for the API server: its types are Go's, and Go reads no number from a string. fabric8's
# client reads it, with a sign and leading zeros too, so a controller or a check in Java accepts a manifest that
# cannot be applied. Jackson's setting against such conversions, MapperFeature.ALLOW_COERCION_OF_SCALARS off in the
# mapper that fabric8 is given, changes nothing: fabric8 adds a reader of its own for whole numbers. And 0120 without
# quotes is two ports: 80 for kubectl, whose YAML is 1.1, and 120 for fabric8, whose YAML is 1.2.
. "$(dirname "$0")/lib/prelude.sh"

go_modules k8s.io/api@v0.34.1 sigs.k8s.io/yaml@v1.6.0 <<'GO'
package main

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	var port corev1.ServicePort
	if err := yaml.UnmarshalStrict([]byte(os.Args[1]), &port); err != nil {
		fmt.Println("error")
	} else {
		fmt.Println(port.Port)
	}
}
GO
maven_jars io.fabric8:kubernetes-client-api:8.0.0
cat >"$work/Port.java" <<'JAVA'
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

class Port {
    public static void main(String[] args) {
        var mapper = JsonMapper.builderWithJackson2Defaults()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
        var serialization = new KubernetesSerialization(mapper, false);
        for (String text : args) {
            try {
                System.out.println(serialization.unmarshal(text, ServicePort.class).getPort());
            } catch (RuntimeException e) {
                System.out.println("error");
            }
        }
    }
}
JAVA
# go_reads PORT: what Go reads
go_reads() {
    "$work/go/finding" "$1"
}
# java_reads PORT...: what fabric8 reads, a line each
java_reads() {
    java -cp "$work/jars/*" "$work/Port.java" "$@" 2>/dev/null | paste -s -d ' ' -
}
echo "version: k8s.io/api v0.34.1, sigs.k8s.io/yaml v1.6.0, kubernetes-client 8.0.0"
set -- 'port: "8080"' 'port: "0120"' 'port: "+80"' 'port: 0120' 'port: 8080'
see "Go reads $*" "error error error 80 8080" "$(for port in "$@"; do go_reads "$port"; done | paste -s -d ' ' -)"
see "fabric8 reads them" "8080 120 80 120 8080" "$(java_reads "$@")"
conclude
