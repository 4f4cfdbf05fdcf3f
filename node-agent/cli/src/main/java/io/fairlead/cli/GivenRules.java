package io.fairlead.cli;

import io.fairlead.explain.dump.Dump;
import io.fairlead.explain.dump.DumpException;
import io.fairlead.inspect.bundle.Bundle;
import io.fairlead.inspect.bundle.BundleException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rules in the files of the option --rules.
 *
 * @param bundle the bundle among the files; null if there is none
 */
record GivenRules(Dump dump, @Nullable Bundle bundle) {

    /** Reads files with outputs of tools, and bundles of fairlead dump. */
    static GivenRules read(Surroundings surroundings, RulesOption option) {
        GivenRules given = new GivenRules(Dump.EMPTY, null);
        try {
            for (String file : option.files) {
                given = given.and(one(surroundings, file));
            }
        } catch (CharacterCodingException _) {
            throw new CommandException(ExitCode.USAGE, "--rules: a file is not text in UTF-8");
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--rules: " + Wiring.reason(e));
        } catch (DumpException | BundleException e) {
            throw new CommandException(ExitCode.USAGE, "--rules: " + e.getMessage());
        }
        return given;
    }

    private static GivenRules one(Surroundings surroundings, String file) throws IOException {
        boolean standardInput = file.equals("-");
        if (!standardInput && Files.isDirectory(Path.of(file))) {
            return of(file, Bundle.read(Path.of(file)));
        }
        String name = standardInput ? "standard input" : file;
        byte[] content = standardInput ? surroundings.in().readAllBytes() : Files.readAllBytes(Path.of(file));
        if (Bundle.begins(content)) {
            return of(name, Bundle.read(name, new ByteArrayInputStream(content)));
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(content))
                .toString();
        return new GivenRules(Dump.read(name, text), null);
    }

    private static GivenRules of(String name, Bundle bundle) {
        return new GivenRules(bundle.outputs().dump(name + "/"), bundle);
    }

    private GivenRules and(GivenRules other) {
        if (bundle != null && other.bundle != null) {
            throw new CommandException(
                    ExitCode.USAGE, "--rules: two bundles; give one, because each is of a node of its own");
        }
        return new GivenRules(dump.and(other.dump), bundle == null ? other.bundle : bundle);
    }
}
