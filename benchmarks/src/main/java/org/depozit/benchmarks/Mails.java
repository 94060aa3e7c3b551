package org.depozit.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The mails of the load, about 4 KiB each: made by the generator if it is at hand, else plainer
/// ones made here; the same for the same count, in mbox files that are kept for the next run. Reads
/// such a file mail by mail.
final class Mails implements AutoCloseable {
  private static final int SEED = 7;
  private static final String[] WORDS =
      "meeting report invoice schedule project server budget order weekend please review thanks"
          .split(" ");

  private final InputStream in;
  private Optional<byte[]> ahead;

  /// A mail as IMAP takes it.
  ///
  /// @param flags system flags with blanks between
  record Mail(String flags, byte[] octets) {}

  private Mails(InputStream in) throws IOException {
    this.in = in;
    this.ahead = line();
  }

  static Mails read(Path mbox) throws IOException {
    return new Mails(new BufferedInputStream(Files.newInputStream(mbox), 1 << 20));
  }

  /// The first mails of a file.
  static List<byte[]> first(Path mbox, int count) throws IOException {
    List<byte[]> first = new ArrayList<>();
    try (Mails mails = read(mbox)) {
      for (int i = 0; i < count; i++) {
        mails.next().map(Mail::octets).ifPresent(first::add);
      }
    }
    return first;
  }

  /// The mbox file with so many mails.
  ///
  /// @param generator the Python program that makes them; if it is not there, they are made here
  static Path file(Path folder, Path generator, int count) throws IOException {
    boolean generated = Files.isReadable(generator);
    Path file =
        folder.resolve((generated ? "mailgen" : "plain") + "-" + SEED + "-" + count + ".mbox");
    if (Files.exists(file)) {
      return file;
    }
    Files.createDirectories(folder);
    Path part = folder.resolve(file.getFileName() + ".part");
    if (generated) {
      Processes.run(
          List.of(
              "python3",
              generator.toString(),
              "--count",
              Integer.toString(count),
              "--seed",
              Integer.toString(SEED),
              "--mean-size",
              "4096",
              "--cristi-share",
              "0.02",
              "--out",
              part.toString()));
    } else {
      plain(part, count);
    }
    return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void plain(Path file, int count) throws IOException {
    Random random = new Random(SEED);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < count; i++) {
        String sender =
            random.nextInt(50) == 0 ? "Cristi Popescu" : "Sender " + random.nextInt(400);
        StringBuilder mail = new StringBuilder("From a@example.org Wed Jan  2 10:33:39 2019\n");
        mail.append("From: ").append(sender).append(" <s").append(sender.hashCode());
        mail.append("@example.org>\nTo: Owner <owner@example.org>\nSubject: ");
        mail.append(words(random, 5))
            .append("\nDate: Wed, 2 Jan 2019 10:33:39 +0000\nMessage-ID: <");
        mail.append(i).append("@example.org>\nStatus: ").append(i % 10 == 0 ? "O" : "RO");
        mail.append("\n\n");
        while (mail.length() < 4000) {
          mail.append(words(random, 10)).append('\n');
        }
        mail.append("Ref MG-%08d\n\n".formatted(i));
        out.write(mail.toString().getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static String words(Random random, int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }

  /// The next mail, with CRLF; empty at the end.
  Optional<Mail> next() throws IOException {
    if (ahead.isEmpty()) {
      return Optional.empty();
    }
    ByteArrayOutputStream octets = new ByteArrayOutputStream(8192);
    StringBuilder flags = new StringBuilder();
    boolean header = true;
    ahead = line();
    while (ahead.isPresent() && !begins(ahead.get(), "From ")) {
      byte[] line = ahead.get();
      header &= line.length > 0;
      if (header && (begins(line, "Status:") || begins(line, "X-Status:"))) {
        flags(new String(line, StandardCharsets.ISO_8859_1), flags);
      } else if (!header || !begins(line, "X-Keywords:")) {
        int quoted = !header && unquotes(line) ? 1 : 0;
        octets.write(line, quoted, line.length - quoted);
        octets.write('\r');
        octets.write('\n');
      }
      ahead = line();
    }
    byte[] whole = octets.toByteArray();
    // The blank line before the next From is the file's, not the mail's.
    byte[] mail = java.util.Arrays.copyOf(whole, Math.max(0, whole.length - 2));
    return Optional.of(new Mail(flags.toString().strip(), mail));
  }

  private static void flags(String line, StringBuilder flags) {
    String value = line.substring(line.indexOf(':') + 1);
    flags.append(value.contains("R") ? " \\Seen" : "");
    flags.append(value.contains("A") ? " \\Answered" : "");
    flags.append(value.contains("F") ? " \\Flagged" : "");
  }

  private static boolean unquotes(byte[] line) {
    int quotes = 0;
    while (quotes < line.length && line[quotes] == '>') {
      quotes++;
    }
    return quotes > 0 && begins(java.util.Arrays.copyOfRange(line, quotes, line.length), "From ");
  }

  private static boolean begins(byte[] line, String text) {
    if (line.length < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (line[i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private Optional<byte[]> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    int octet = in.read();
    if (octet < 0) {
      return Optional.empty();
    }
    while (octet >= 0 && octet != '\n') {
      line.write(octet);
      octet = in.read();
    }
    return Optional.of(line.toByteArray());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
