package org.depozit.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A Maildir++ tree: INBOX at the top, every other mailbox in a folder beside it (`.Work.2024`).
/// Flags are letters in the files' names, keywords too, by the file `dovecot-keywords`; the files'
/// times are the internal dates; lines end with LF.
final class MaildirTarget implements MailTarget {
  private static final int BUFFER = 1 << 16;
  private static final String FORWARDED = "$Forwarded";

  /// Letters for keywords: a to z.
  private static final int LETTERS = 26;

  private final Path folder;
  private final ExportIndex.Writer index;
  private final List<String> losses = new ArrayList<>();
  private Path current;
  private List<String> lettered = List.of();

  MaildirTarget(Path folder, ExportIndex.Writer index) throws IOException {
    this.folder = folder;
    this.index = index;
    this.current = folder;
    makeParts();
  }

  private void makeParts() throws IOException {
    for (String part : List.of("cur", "new", "tmp")) {
      Files.createDirectories(current.resolve(part));
    }
  }

  @Override
  public void mailbox(String name, List<String> keywords) {
    try {
      current = folder;
      if (!name.equals("INBOX")) {
        String entry = ExportIndex.maildirName(name);
        current = Files.createDirectory(folder.resolve(entry));
        makeParts();
        Files.createFile(current.resolve("maildirfolder"));
        index.add(entry, name);
      }
      letter(name, keywords.stream().filter(word -> !word.equals(FORWARDED)).toList());
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(current, e);
    }
  }

  private void letter(String mailbox, List<String> keywords) throws IOException {
    lettered = keywords.subList(0, Math.min(LETTERS, keywords.size()));
    if (!lettered.isEmpty()) {
      String lines =
          IntStream.range(0, lettered.size())
              .mapToObj(i -> i + " " + lettered.get(i) + "\n")
              .collect(Collectors.joining());
      Files.writeString(current.resolve("dovecot-keywords"), lines, StandardOpenOption.CREATE_NEW);
    }
    if (keywords.size() > LETTERS) {
      losses.add(
          "%s: a Maildir has letters for %d keywords, there are %d; without one: %s"
              .formatted(
                  mailbox,
                  LETTERS,
                  keywords.size(),
                  String.join(" ", keywords.subList(LETTERS, keywords.size()))));
    }
  }

  @Override
  public void mail(OutgoingMail mail) {
    Instant date = Instant.ofEpochSecond(mail.date().epochSecond());
    String name =
        "%d.U%010d.depozit:2,%s".formatted(date.getEpochSecond(), mail.uid(), flags(mail));
    Path file = current.resolve("cur").resolve(name);
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              BUFFER)) {
        LinePieces pieces = new LinePieces(mail.octets());
        while (pieces.next()) {
          pieces.to(out);
        }
      }
      Files.setLastModifiedTime(file, FileTime.from(date));
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(file, e);
    }
  }

  /// The letters, sorted as the form wants them.
  private String flags(OutgoingMail mail) {
    return mail.flags().stream()
        .flatMapToInt(this::letter)
        .sorted()
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private IntStream letter(String flag) {
    return switch (flag) {
      case "\\Draft" -> IntStream.of('D');
      case "\\Flagged" -> IntStream.of('F');
      case FORWARDED -> IntStream.of('P');
      case "\\Answered" -> IntStream.of('R');
      case "\\Seen" -> IntStream.of('S');
      case "\\Deleted" -> IntStream.of('T');
      default ->
          lettered.contains(flag) ? IntStream.of('a' + lettered.indexOf(flag)) : IntStream.empty();
    };
  }

  @Override
  public List<String> losses() {
    return List.copyOf(losses);
  }

  @Override
  public void close() {
    try {
      index.close();
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(folder, e);
    }
  }
}
