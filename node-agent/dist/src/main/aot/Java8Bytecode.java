import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites a jar in place: adds stack maps to classes that were compiled for versions before Java 7, and sets the
 * version of these classes to Java 8. The JVM leaves a class without stack maps out of its ahead-of-time cache and
 * verifies the class slowly at each start. This matters because picocli is compiled for Java 5, and a short command
 * spends most of its time on the start.
 */
final class Java8Bytecode {

    private Java8Bytecode() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path rewritten = Path.of(args[0] + ".new");
        try (URLClassLoader types = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(rewritten))) {
            ClassFile classFile = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(types)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (ZipEntry entry : in.stream().toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                out.write(entry.getName().endsWith(".class") ? newer(classFile, bytes) : bytes);
                out.closeEntry();
            }
        }
        Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] newer(ClassFile classFile, byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() >= ClassFile.JAVA_7_VERSION) {
            return bytes;
        }
        // A transformation that copies each instruction makes the library write the method again, with a stack map.
        ClassTransform everyMethod = ClassTransform.transformingMethodBodies((code, element) -> code.with(element));
        ClassTransform version =
                ClassTransform.endHandler(builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0));
        return classFile.transformClass(model, everyMethod.andThen(version));
    }
}
