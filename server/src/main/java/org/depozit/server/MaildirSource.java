package org.depozit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.depozit.imap.syntax.ModifiedUtf7;
import org.depozit.storage.InternalDate;

/// A Maildir, with the folders of a Maildir++ tree (`.Sent`, `.Work.2024`), whose names are in
/// modified UTF-7 (RFC 3501 §5.1.3) or, in some, UTF-8: flags from the file names (`:2,RS`), the
/// keywords of `dovecot-keywords`, the files' times as internal dates, in the order of those times.
///
/// @param directory holds `cur` and `new`
/// @param mailbox where the mail of the top goes; folders keep their names under INBOX and go below
///   any other
/// @param names of mailboxes by folder, where they are known
record MaildirSource(Path directory, String mailbox, Map<String, String> names)
    implements MailSource {
  private static final Map<Character, String> FLAGS =
      Map.of(
          'D',
          "\\Draft",
          'F',
          "\\Flagged",
          'P',
          "$Forwarded",
          'R',
          "\\Answered",
          'S',
          "\\Seen",
          'T',
          "\\Deleted");

  static boolean isMaildir(Path path) {
    return Files.isDirectory(path.resolve("cur")) && Files.isDirectory(path.resolve("new"));
  }

  @Override
  public long octets() {
    return messages().values().stream()
        .flatMap(List::stream)
        .mapToLong(message -> message.file().toFile().length())
        .sum();
  }

  @Override
  public void each(Consumer<ImportedMail> sink) {
    messages().forEach((folder, messages) -> take(folder, messages, sink));
  }

  private void take(Path folder, List<Message> messages, Consumer<ImportedMail> sink) {
    String name = mailboxOf(folder);
    List<String> keywords = keywords(folder);
    for (Message message : messages) {
      try {
        InternalDate date = InternalDate.of(Files.getLastModifiedTime(message.file()).toInstant());
        byte[] octets = Files.readAllBytes(message.file());
        sink.accept(new ImportedMail(name, flags(message.file(), keywords), date, octets));
      } catch (NoSuchFileException _) {
        // Another program renamed it after the listing: the Maildir is in use, and what it took is
        // its own now.
      } catch (IOException e) {
        throw CommandFailed.cannotRead(message.file(), e);
      }
    }
  }

  private record Message(Path file, long time) {}

  /// The messages of each folder, oldest first.
  private Map<Path, List<Message>> messages() {
    Map<Path, List<Message>> messages = new LinkedHashMap<>();
    messages.put(directory, messages(directory));
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(entry -> entry.getFileName().toString().startsWith(".") && isMaildir(entry))
          .sorted()
          .forEach(folder -> messages.put(folder, messages(folder)));
    } catch (IOException e) {
      throw CommandFailed.cannotRead(directory, e);
    }
    return messages;
  }

  private static List<Message> messages(Path folder) {
    List<Message> messages = new ArrayList<>();
    for (String part : List.of("cur", "new")) {
      try (Stream<Path> files = Files.list(folder.resolve(part))) {
        files
            .filter(Files::isRegularFile)
            .forEach(file -> messages.add(new Message(file, file.toFile().lastModified())));
      } catch (IOException | UncheckedIOException e) {
        throw CommandFailed.cannotRead(folder, e);
      }
    }
    messages.sort(Comparator.comparingLong(Message::time).thenComparing(Message::file));
    return messages;
  }

  private String mailboxOf(Path folder) {
    if (folder.equals(directory)) {
      return mailbox;
    }
    String entry = folder.getFileName().toString();
    String written = entry.substring(1);
    String decoded = ModifiedUtf7.decode(written).orElse(written).replace('.', '/');
    return MailSource.below(mailbox, names.getOrDefault(entry, decoded));
  }

  private static List<String> flags(Path file, List<String> keywords) {
    String name = file.getFileName().toString();
    int info = name.lastIndexOf(":2,");
    List<String> flags = new ArrayList<>();
    for (char letter : info < 0 ? new char[0] : name.substring(info + 3).toCharArray()) {
      if (FLAGS.containsKey(letter)) {
        flags.add(FLAGS.get(letter));
      } else if (letter >= 'a' && letter - 'a' < keywords.size()) {
        flags.add(keywords.get(letter - 'a'));
      }
    }
    return flags.stream().filter(flag -> !flag.isEmpty()).toList();
  }

  /// The lines `0 name`, `1 name` …: letter `a` in a file name is keyword 0.
  private static List<String> keywords(Path folder) {
    String[] keywords = new String[26];
    java.util.Arrays.fill(keywords, "");
    Path file = folder.resolve("dovecot-keywords");
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.matches("[0-9]{1,2} [^\\s(){%*\"\\\\]+") && number(line) < keywords.length) {
          keywords[number(line)] = line.substring(line.indexOf(' ') + 1);
        }
      }
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
    return List.of(keywords);
  }

  private static int number(String line) {
    return Integer.parseInt(line.substring(0, line.indexOf(' ')));
  }
}
