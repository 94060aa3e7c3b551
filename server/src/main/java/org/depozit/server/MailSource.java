package org.depozit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Mail in files, as an import reads it: one at a time, so that a folder of a million messages
/// costs one message of memory.
sealed interface MailSource permits MboxSource, MaildirSource, EmlSource, MailSource.Folder {
  /// How many octets there are to read, for the progress bar.
  long octets();

  /// Reads every message, in order.
  ///
  /// @throws CommandFailed if a file cannot be read
  void each(Consumer<ImportedMail> sink);

  /// What stands at a path: a Maildir tree is known by `cur` and `new`, a folder holds others of
  /// the same kinds, a file is an mbox if it begins with `From `, and one message otherwise.
  ///
  /// @param mailbox where the mail goes
  /// @throws CommandFailed if nothing can be read there
  static MailSource at(Path path, String mailbox) {
    try {
      if (MaildirSource.isMaildir(path)) {
        return new MaildirSource(path, mailbox, ExportIndex.read(path));
      }
      if (Files.isDirectory(path)) {
        Map<String, String> exported = ExportIndex.read(path);
        return exported.isEmpty()
            ? Folder.of(path, mailbox)
            : Folder.exported(path, mailbox, exported);
      }
      return beginsLikeMbox(path)
          ? new MboxSource(path, mailbox)
          : new EmlSource(path, mailbox, List.of());
    } catch (IOException | UncheckedIOException e) {
      throw CommandFailed.cannotRead(path, e);
    }
  }

  /// What a mailbox of the source becomes: its own name under INBOX, below any other.
  static String below(String mailbox, String name) {
    return mailbox.equalsIgnoreCase("INBOX") ? name : mailbox + "/" + name;
  }

  private static boolean beginsLikeMbox(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("From ");
    }
  }

  /// A folder with other sources in it, in the order of their names.
  record Folder(List<MailSource> sources) implements MailSource {
    static Folder of(Path path, String mailbox) throws IOException {
      Map<String, List<String>> flags = EmlFlags.read(path);
      try (Stream<Path> entries = Files.list(path)) {
        return new Folder(
            entries
                .filter(entry -> !entry.getFileName().toString().startsWith("."))
                .sorted()
                .map(entry -> at(entry, mailbox, flags))
                .toList());
      }
    }

    private static MailSource at(Path entry, String mailbox, Map<String, List<String>> flags) {
      List<String> told = flags.get(entry.getFileName().toString());
      return told == null ? MailSource.at(entry, mailbox) : new EmlSource(entry, mailbox, told);
    }

    /// What `depozit export` wrote: every file or folder is a mailbox.
    ///
    /// @param names of the mailboxes by file or folder
    static Folder exported(Path path, String mailbox, Map<String, String> names)
        throws IOException {
      List<MailSource> sources = new ArrayList<>();
      for (Map.Entry<String, String> entry : names.entrySet()) {
        Path file = path.resolve(entry.getKey());
        String name = below(mailbox, entry.getValue());
        sources.add(Files.isDirectory(file) ? of(file, name) : new MboxSource(file, name));
      }
      return new Folder(sources);
    }

    @Override
    public long octets() {
      return sources.stream().mapToLong(MailSource::octets).sum();
    }

    @Override
    public void each(Consumer<ImportedMail> sink) {
      sources.forEach(source -> source.each(sink));
    }
  }
}
