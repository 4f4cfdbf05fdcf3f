#!/bin/sh
# A Kubernetes component takes the same setting as a flag and in a file. The flag is read by pflag, the file by
# sigs.k8s.io/yaml. Both read 010 as 8 and 1_000 as 1000, which an operator does not expect from a command line. But
# they do not read the same numbers: 08, 5.0, 1e3 and 1__0 are numbers in a file and errors in a flag. And
# "--switch false" with a space leaves the switch on, without an error: false becomes an argument of the program.
. "$(dirname "$0")/lib/prelude.sh"

go_modules github.com/spf13/pflag@v1.0.10 sigs.k8s.io/yaml@v1.6.0 <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"
	"sigs.k8s.io/yaml"
)

func main() {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	size := flags.Int32("size", 0, "")
	on := flags.Bool("switch", true, "")
	if os.Args[1] == "switch" {
		err := flags.Parse([]string{"--switch", "false"})
		fmt.Println(*on, flags.Args(), err)
		return
	}
	flagError := flags.Parse([]string{"--size=" + os.Args[1]})
	var file struct {
		Size int32 `json:"size"`
	}
	fileError := yaml.Unmarshal([]byte("size: "+os.Args[1]+"\n"), &file)
	fmt.Println("flag", text(*size, flagError), "file", text(file.Size, fileError))
}

func text(number int32, err error) string {
	if err != nil {
		return "error"
	}
	return fmt.Sprint(number)
}
GO
echo "version: github.com/spf13/pflag v1.0.10, sigs.k8s.io/yaml v1.6.0"
read_both() {
    see "$1" "flag $2 file $3" "$("$work/go/finding" "$1")"
}
read_both 010 8 8
read_both 1_000 1000 1000
read_both 0b101 5 5
read_both 08 error 8
read_both 5.0 error 5
read_both 1e3 error 1000
read_both 1__0 error 10
see "--switch false" "true [false] <nil>" "$("$work/go/finding" switch)"
conclude
