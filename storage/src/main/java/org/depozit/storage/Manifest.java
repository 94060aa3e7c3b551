package org.depozit.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The file `manifest` of a backup: what is in it, with a checksum of every file and, in the last
/// line, of itself. Text, so that people can read it.
///
/// @param made when it was finished, ISO 8601 in UTC
/// @param accounts what of each account
/// @param files of the folder `log`
/// @param damaged what was already damaged in the store, a line each
public record Manifest(
    String made, List<Account> accounts, List<Saved> files, List<String> damaged) {
  private static final String NAME = "manifest";
  private static final String FIRST = "depozit backup 1";
  private static final Pattern LINE = Pattern.compile("(made|account|file|damaged|end) (.*)");
  private static final Pattern ACCOUNT = Pattern.compile("(\\d+) (\\d+) (\\d+) (.+)");
  private static final Pattern FILE =
      Pattern.compile("([0-9a-f]{64}) (\\d+) ([0-9a-f]{16}\\.(?:seg|body))");

  /// What is in the backup of an account.
  ///
  /// @param octets sum of the sizes of its messages
  public record Account(String name, long mailboxes, long messages, long octets) {}

  /// A file of the backup.
  record Saved(String name, long size, String sha256) {}

  public Manifest {
    accounts = List.copyOf(accounts);
    files = List.copyOf(files);
    damaged = List.copyOf(damaged);
  }

  /// Makes the manifest of what stands in the folder `log`, and forces it.
  static Manifest write(Path backup, List<Backup.Saved> saved) throws IOException {
    List<Account> accounts = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (Backup.Saved each : saved) {
      accounts.add(new Account(each.account(), each.mailboxes(), each.messages(), each.octets()));
      each.damaged().forEach(line -> damaged.add(each.account() + ", " + line));
    }
    Manifest manifest =
        new Manifest(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            accounts,
            files(backup),
            damaged);
    try (FileChannel channel = LogFiles.create(backup.resolve(NAME))) {
      LogFiles.write(channel, ByteBuffer.wrap(manifest.text().getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(true);
    }
    LogFiles.forceNames(backup);
    return manifest;
  }

  private static List<Saved> files(Path backup) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.list(backup.resolve("log"))) {
      paths = all.sorted().toList();
    }
    List<Saved> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(new Saved(path.getFileName().toString(), Files.size(path), sha256(path)));
    }
    return files;
  }

  private String text() {
    StringBuilder text = new StringBuilder(FIRST + "\nmade " + made + "\n");
    for (Account account : accounts) {
      text.append(
          "account %d %d %d %s\n"
              .formatted(
                  account.mailboxes(), account.messages(), account.octets(), account.name()));
    }
    damaged.forEach(line -> text.append("damaged ").append(line).append('\n'));
    for (Saved file : files) {
      text.append("file %s %d %s\n".formatted(file.sha256(), file.size(), file.name()));
    }
    return text + "end " + sha256(text.toString()) + "\n";
  }

  /// Reads a manifest and compares every file with it.
  ///
  /// @throws Refused UNAVAILABLE if anything is missing, damaged or too much
  static Manifest verified(Path backup) {
    try {
      Manifest manifest = read(backup);
      List<Saved> there = files(backup);
      for (Saved file : manifest.files) {
        if (!there.contains(file)) {
          throw refused(backup, "file " + file.name() + " is not what was saved");
        }
      }
      if (there.size() != manifest.files.size()) {
        throw refused(backup, "there are files in it that were not saved");
      }
      return manifest;
    } catch (NoSuchFileException e) {
      throw refused(backup, "there is no " + Path.of(String.valueOf(e.getFile())).getFileName());
    } catch (IOException e) {
      throw refused(backup, ClosedCheck.told(e));
    }
  }

  private static Refused refused(Path backup, String why) {
    return new Refused(Refused.Reason.UNAVAILABLE, backup + " is no whole backup: " + why);
  }

  /// @throws Refused UNAVAILABLE if it is damaged
  private static Manifest read(Path backup) throws IOException {
    String text = Files.readString(backup.resolve(NAME));
    int end = text.lastIndexOf("end ");
    if (!text.startsWith(FIRST + "\n")
        || end < 0
        || !text.substring(end).equals("end " + sha256(text.substring(0, end)) + "\n")) {
      throw refused(backup, "its manifest is damaged");
    }
    String made = "";
    List<Account> accounts = new ArrayList<>();
    List<Saved> files = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    for (String line : text.substring(FIRST.length() + 1).split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      String word = matcher.matches() ? matcher.group(1) : "";
      switch (word) {
        case "made" -> made = matcher.group(2);
        case "account" -> account(matcher.group(2), accounts);
        case "file" -> file(matcher.group(2), files);
        case "damaged" -> damaged.add(matcher.group(2));
        default -> {
          // The last line, and what later versions may add.
        }
      }
    }
    return new Manifest(made, accounts, files, damaged);
  }

  private static void account(String line, List<Account> accounts) {
    Matcher matcher = ACCOUNT.matcher(line);
    if (matcher.matches()) {
      accounts.add(
          new Account(
              matcher.group(4),
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3))));
    }
  }

  private static void file(String line, List<Saved> files) {
    Matcher matcher = FILE.matcher(line);
    if (matcher.matches()) {
      files.add(new Saved(matcher.group(3), Long.parseLong(matcher.group(2)), matcher.group(1)));
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
