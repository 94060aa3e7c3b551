package org.depozit.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.depozit.imap.syntax.ModifiedUtf7;

/// The file `.depozit-export` in the folder of an export: which file or folder holds which mailbox.
/// Names of mailboxes are no file names: what could leave the folder, hide, or be too long is
/// spelled otherwise there, and here it is kept as it is. A tab parts the two in each line.
final class ExportIndex {
  private static final String NAME = ".depozit-export";
  private static final int LONGEST_NAME = 200;
  private static final int CUT_NAME = 160;

  private ExportIndex() {}

  /// Which mailbox each file or folder holds, in the order of the export; empty if the folder is no
  /// export.
  ///
  /// @throws CommandFailed if an entry is no plain name
  static Map<String, String> read(Path folder) {
    Path file = folder.resolve(NAME);
    Map<String, String> names = new LinkedHashMap<>();
    if (!Files.isRegularFile(file)) {
      return names;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        int tab = line.indexOf('\t');
        String entry = tab < 0 ? "" : line.substring(0, tab);
        if (entry.isEmpty() || entry.contains("/") || entry.equals("..")) {
          throw new CommandFailed(file + ": not a line of an export: " + line);
        }
        names.put(entry, line.substring(tab + 1));
      }
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
    return names;
  }

  static Writer create(Path folder) throws IOException {
    return new Writer(
        Files.newBufferedWriter(
            folder.resolve(NAME), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW));
  }

  /// Writes the lines.
  record Writer(java.io.Writer lines) implements AutoCloseable {
    void add(String entry, String mailbox) throws IOException {
      lines.write(entry + "\t" + mailbox + "\n");
      lines.flush();
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  /// A mailbox's name as one file name of ASCII: levels apart by a dot, everything but letters,
  /// digits and a few signs as `%` and two digits for each octet of UTF-8.
  static String fileName(String mailbox) {
    return joined(mailbox, ExportIndex::percent);
  }

  /// A mailbox's name as the folder's name in a Maildir++ tree, its first dot included: levels
  /// apart by a dot, each in modified UTF-7; a dot within a level is spelled as such, too.
  static String maildirName(String mailbox) {
    return "." + joined(mailbox, level -> ModifiedUtf7.encode(level).replace(".", "&AC4-"));
  }

  private static String joined(String mailbox, Function<String, String> spelled) {
    String name = Stream.of(mailbox.split("/", -1)).map(spelled).collect(Collectors.joining("."));
    return name.length() <= LONGEST_NAME ? name : name.substring(0, CUT_NAME) + "~" + hash(mailbox);
  }

  private static String percent(String level) {
    StringBuilder spelled = new StringBuilder();
    for (byte octet : level.getBytes(StandardCharsets.UTF_8)) {
      if (plain(octet) && !(octet == '-' && spelled.isEmpty())) {
        spelled.append((char) octet);
      } else {
        spelled.append("%%%02X".formatted(octet & 0xFF));
      }
    }
    return spelled.toString();
  }

  private static boolean plain(byte octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || List.of(' ', '_', '-', '+', '@', '=').contains((char) octet);
  }

  private static String hash(String mailbox) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(mailbox.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
