import com.sun.source.tree.*;
import com.sun.source.util.*;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import javax.lang.model.element.*;
import javax.tools.*;

/**
 * Who calls what in Java sources, by javac: one JSON line a call or use of a method, files relative to the folder, offsets in bytes.
 * Usage: java JavaCalls.java FOLDER FILE... What does not compile without its dependencies is attributed as far as javac gets.
 */
public class JavaCalls {
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]).toRealPath();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    List<Path> paths = new ArrayList<>();
    for (String name : Arrays.asList(args).subList(1, args.length)) paths.add(folder.resolve(name));
    JavacTask task = (JavacTask) compiler.getTask(null, manager, diagnostic -> {}, List.of("-proc:none", "-Xmaxerrs", "1"), null, manager.getJavaFileObjectsFromPaths(paths));
    Iterable<? extends CompilationUnitTree> units = task.parse();
    try {
      task.analyze();
    } catch (RuntimeException gaveUp) {
      System.err.println("javac gave up: " + gaveUp);
    }
    Trees trees = Trees.instance(task);
    SourcePositions positions = trees.getSourcePositions();
    for (CompilationUnitTree unit : units) {
      new TreePathScanner<Void, Void>() {
        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
          tell("call", call, trees.getElement(new TreePath(getCurrentPath(), call.getMethodSelect())));
          return super.visitMethodInvocation(call, none);
        }

        @Override
        public Void visitNewClass(NewClassTree made, Void none) {
          if (made.getClassBody() == null) tell("call", made, trees.getElement(getCurrentPath()));
          return super.visitNewClass(made, none);
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree reference, Void none) {
          tell("value", reference, trees.getElement(getCurrentPath()));
          return super.visitMemberReference(reference, none);
        }

        private void tell(String kind, Tree from, Element to) {
          if (!(to instanceof ExecutableElement)) return;
          TreePath declared = trees.getPath(to);
          if (declared == null || !(declared.getLeaf() instanceof MethodTree)) return;
          CompilationUnitTree home = declared.getCompilationUnit();
          long start = positions.getStartPosition(unit, from);
          long end = positions.getEndPosition(home, declared.getLeaf());
          // A constructor that nobody wrote has no end.
          if (start < 0 || end < 0) return;
          System.out.println("{\"kind\":\"" + kind + "\",\"from\":" + place(unit, start) + ",\"to\":" + place(home, end - 1) + "}");
        }

        private String place(CompilationUnitTree file, long offset) {
          try {
            String text = file.getSourceFile().getCharContent(true).toString().substring(0, (int) offset);
            String name = folder.relativize(Path.of(file.getSourceFile().toUri())).toString();
            return "{\"file\":\"" + name + "\",\"offset\":" + text.getBytes(StandardCharsets.UTF_8).length + "}";
          } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
          }
        }
      }.scan(unit, null);
    }
  }
}
