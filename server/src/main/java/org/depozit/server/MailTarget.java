package org.depozit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where an export writes: a folder in one of three forms. [MailSource] reads each of them again,
/// with the mailboxes' names, flags and dates.
sealed interface MailTarget extends AutoCloseable permits MboxTarget, MaildirTarget, EmlTarget {
  /// How the mail is to lie in the folder.
  enum Format {
    /// A file a mailbox.
    MBOX,
    /// A Maildir++ tree.
    MAILDIR,
    /// A folder a mailbox, a file a message.
    EML
  }

  /// Begins an export.
  ///
  /// @param folder made if it is not there
  /// @throws CommandFailed if something is in the folder already, or it cannot be made
  static MailTarget in(Path folder, Format format) {
    try {
      Files.createDirectories(folder);
      mustBeEmpty(folder);
      ExportIndex.Writer index = ExportIndex.create(folder);
      return switch (format) {
        case MBOX -> new MboxTarget(folder, index);
        case MAILDIR -> new MaildirTarget(folder, index);
        case EML -> new EmlTarget(folder, index);
      };
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(folder, e);
    }
  }

  private static void mustBeEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent()) {
        throw new CommandFailed(
            folder + " is not empty: an export goes into a new folder or an empty one");
      }
    }
  }

  /// A mailbox begins; see [Outlet#mailbox].
  void mailbox(String name, List<String> keywords);

  /// A message of that mailbox; see [Outlet#mail].
  void mail(OutgoingMail mail);

  /// What the form cannot say, a line each.
  default List<String> losses() {
    return List.of();
  }

  /// @throws CommandFailed if the last octets cannot be written
  @Override
  void close();
}
