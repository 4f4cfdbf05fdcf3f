#!/bin/sh
# The keys of labels are strings. sigs.k8s.io/yaml, the reader of kubectl and of every Kubernetes component, first reads
# a key as a value of YAML 1.1 and then writes it as a key of JSON: "on", "y" and "yes" all become "true", "010" becomes
# "8" and "1.0" becomes "1". Of keys that become equal the last one is kept, and only the strict reader reports that.
# snakeyaml-engine, a reader of YAML 1.2, gives a Java program four keys for the same file, and only 1.0 is no string.
. "$(dirname "$0")/lib/prelude.sh"

cat >"$work/labels.yaml" <<'YAML'
on: first
y: second
010: third
1.0: fourth
YAML
go_modules sigs.k8s.io/yaml@v1.6.0 <<'GO'
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	text, _ := os.ReadFile(os.Args[1])
	json, err := yaml.YAMLToJSON(text)
	_, strict := yaml.YAMLToJSONStrict(text)
	fmt.Println(string(json), err, strict != nil)
}
GO
maven_jars org.snakeyaml:snakeyaml-engine:3.0.1
cat >"$work/Labels.java" <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class Labels {
    public static void main(String[] args) throws Exception {
        var loader = new Load(LoadSettings.builder().build());
        var read = (Map<?, ?>) loader.loadFromString(Files.readString(Path.of(args[0])));
        var sorted = new TreeMap<String, Object>();
        read.forEach((key, value) -> sorted.put(key.getClass().getSimpleName() + " " + key, value));
        System.out.println(sorted);
    }
}
JAVA
echo "version: sigs.k8s.io/yaml v1.6.0, snakeyaml-engine 3.0.1"
see "sigs.k8s.io/yaml, its error, and whether the strict reader has one" \
    '{"1":"fourth","8":"third","true":"second"} <nil> true' "$("$work/go/finding" "$work/labels.yaml")"
see "snakeyaml-engine" '{Double 1.0=fourth, String 010=third, String on=first, String y=second}' \
    "$(java -cp "$work/jars/*" "$work/Labels.java" "$work/labels.yaml")"
conclude
