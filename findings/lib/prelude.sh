# Sourced by each finding. Exit statuses: 0 the behaviour is as described, 1 it has changed, 2 it could not be tried.
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/finding.XXXXXX")
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
changed=0

# cannot REASON
cannot() {
    echo "cannot try this: $*" >&2
    exit 2
}

# needs PROGRAM...
needs() {
    for program in "$@"; do
        command -v "$program" >/dev/null 2>&1 || cannot "$program is not installed"
    done
}

# see WHAT EXPECTED ACTUAL: prints what was seen, and notes a change
see() {
    printf 'seen: %s: %s\n' "$1" "$3"
    if [ "$2" != "$3" ]; then
        printf 'CHANGED: expected: %s\n' "$2"
        changed=1
    fi
}

# Ends with the status that the comparisons make.
conclude() {
    if [ "$changed" = 0 ]; then
        echo "as described"
    fi
    exit "$changed"
}

# debian PACKAGE=VERSION...: unpacks packages of Debian into $work/debian without installing them
debian() {
    needs apt-get dpkg-deb
    mkdir -p "$work/debian" "$work/debs"
    (cd "$work/debs" && apt-get download -qq "$@" >"$work/log" 2>&1) ||
        cannot "these packages need a machine with Debian 12: $*: $(tail -n 1 "$work/log")"
    for file in "$work"/debs/*.deb; do
        dpkg-deb -x "$file" "$work/debian"
    done
    PATH=$work/debian/usr/sbin:$work/debian/usr/bin:$PATH
    # shellcheck disable=SC2125
    for folder in "$work"/debian/usr/lib/*-linux-gnu; do
        LD_LIBRARY_PATH=$folder
        XTABLES_LIBDIR=$folder/xtables
    done
    export PATH LD_LIBRARY_PATH XTABLES_LIBDIR
}

# in_namespace COMMAND...: runs it in a network namespace of its own
in_namespace() {
    needs unshare
    unshare --net -- "$@"
}

# go_modules MODULE@VERSION...: makes a Go module in $work/go with these requirements; main.go comes from standard input
go_modules() {
    needs go
    mkdir -p "$work/go"
    cat >"$work/go/main.go"
    (
        cd "$work/go"
        printf 'module finding\n\ngo 1.24\n' >go.mod
        for module in "$@"; do
            go mod edit -require "$module"
        done
        GOFLAGS=-mod=mod go mod tidy >"$work/log" 2>&1
        go build -o finding . >>"$work/log" 2>&1
    ) || cannot "the Go modules cannot be built: $(tail -n 1 "$work/log")"
}

# maven_jars GROUP:ARTIFACT:VERSION...: fetches these artifacts and what they depend on into $work/jars
maven_jars() {
    needs java mvn
    {
        printf '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        printf '<groupId>finding</groupId><artifactId>finding</artifactId><version>1</version><dependencies>'
        for artifact in "$@"; do
            printf '<dependency><groupId>%s</groupId>' "${artifact%%:*}"
            artifact=${artifact#*:}
            printf '<artifactId>%s</artifactId><version>%s</version></dependency>' "${artifact%:*}" "${artifact#*:}"
        done
        printf '</dependencies></project>'
    } >"$work/pom.xml"
    mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars" >"$work/log" 2>&1 ||
        cannot "the artifacts cannot be fetched: $(tail -n 1 "$work/log")"
}
