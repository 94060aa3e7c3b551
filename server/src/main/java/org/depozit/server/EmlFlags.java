package org.depozit.server;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The file `.flags` in a folder of mail files: a line a message that bears flags, its file's name,
/// a tab, its flags with spaces between.
final class EmlFlags {
  private static final String NAME = ".flags";

  private EmlFlags() {}

  static Writer create(Path folder) throws IOException {
    return Files.newBufferedWriter(folder.resolve(NAME), StandardOpenOption.CREATE_NEW);
  }

  static void write(Writer lines, String file, List<String> flags) throws IOException {
    if (!flags.isEmpty()) {
      lines.write(file + "\t" + String.join(" ", flags) + "\n");
    }
  }

  /// The flags by file name; empty if there is no such file.
  ///
  /// @throws CommandFailed if it cannot be read
  static Map<String, List<String>> read(Path folder) {
    Path file = folder.resolve(NAME);
    Map<String, List<String>> flags = new HashMap<>();
    if (!Files.isRegularFile(file)) {
      return flags;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          flags.put(line.substring(0, tab), List.of(line.substring(tab + 1).split(" +", -1)));
        }
      }
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
    return flags;
  }
}
