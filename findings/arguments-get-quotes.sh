#!/bin/sh
# Apache Commons Exec starts a program without a shell, and changes the arguments on the way. addArgument(text) and
# addArguments(texts) "handle quoting" unless their second parameter is false: an argument with a space gets quotes,
# which no shell takes away, so the program sees them; quotes at both ends are taken away; an argument with both kinds
# of quotes is refused. CommandLine.parse keeps the quotes of an argument with a space, too. A comment of a firewall
# rule, a JSON document or a pattern for sed arrives as another one, and the program fails or, worse, accepts it.
# addArgument(text, false) passes the argument as it is, except that spaces at its start and end are lost in any case.
. "$(dirname "$0")/lib/prelude.sh"

maven_jars org.apache.commons:commons-exec:1.6.0
cat >"$work/Arguments.java" <<'JAVA'
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;

class Arguments {
    public static void main(String[] texts) throws Exception {
        for (String text : texts) {
            System.out.println(seen(text, true) + " or " + seen(text, false));
        }
        System.out.println(String.join("|", CommandLine.parse("nft add comment \"to web\" \"x\"").toStrings()));
    }

    /** Returns the argument that a started program gets, in brackets. */
    static String seen(String text, boolean quoting) throws Exception {
        var output = new java.io.ByteArrayOutputStream();
        try {
            var command = new CommandLine("printf").addArgument("[%s]", false);
            command = quoting ? command.addArgument(text) : command.addArgument(text, false);
            var executor = DefaultExecutor.builder()
                    .setExecuteStreamHandler(new org.apache.commons.exec.PumpStreamHandler(output))
                    .get();
            executor.execute(command);
            return output.toString();
        } catch (IllegalArgumentException e) {
            return "refused";
        }
    }
}
JAVA
echo "version: commons-exec 1.6.0, $(java -version 2>&1 | head -n 1)"
java -cp "$work/jars/*" "$work/Arguments.java" 'to web' '"web"' ' web ' "it's" '{"a": "b"}' "a\"b'c" >"$work/out" 2>&1 ||
    cannot "$(tail -n 1 "$work/out")"
line() {
    sed -n "$1p" "$work/out"
}
see 'an argument with a space, by default or without quoting' '["to web"] or [to web]' "$(line 1)"
see 'an argument in quotes' '[web] or ["web"]' "$(line 2)"
see 'spaces at both ends' '[web] or [web]' "$(line 3)"
see 'an apostrophe' "[\"it's\"] or [it's]" "$(line 4)"
see 'JSON' "['{\"a\": \"b\"}'] or [{\"a\": \"b\"}]" "$(line 5)"
see 'both kinds of quotes' "refused or [a\"b'c]" "$(line 6)"
see 'CommandLine.parse of: nft add comment "to web" "x"' 'nft|add|comment|"to web"|x' "$(line 7)"
conclude
