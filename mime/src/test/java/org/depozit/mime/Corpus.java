package org.depozit.mime;

import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The mail corpus that lies beside the project (`../shared/corpus`), or where the system property
/// `depozit.corpus` says. Without it the tests that read it are skipped and say why; `.ci/run`
/// counts that as a failure.
final class Corpus {
  private static final int LEAST_FILES = 4_000;

  private static final String PLACE = System.getProperty("depozit.corpus", "../../shared/corpus");

  private Corpus() {}

  /// One message, line ends made right.
  record Mail(String name, Octets content) {}

  /// All messages, mbox files taken apart.
  static List<Mail> mails() {
    List<Mail> mails = new ArrayList<>();
    for (Path file : files(Path.of(PLACE))) {
      mails.addAll(mailsOf(file));
    }
    return mails;
  }

  private static List<Path> files(Path folder) {
    assumeThat(folder)
        .as("the mail corpus lies at %s, or where -Ddepozit.corpus=FOLDER says", folder)
        .isDirectory();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().matches("README.md|\\.gitattributes"))
              .sorted()
              .toList();
      return files.size() >= LEAST_FILES
          ? files
          : fail("only %d files in %s", files.size(), folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Mail> mailsOf(Path file) {
    try {
      byte[] octets = Files.readAllBytes(file);
      String name = file.getParent().getFileName() + "/" + file.getFileName();
      boolean mbox = name.endsWith(".mbox");
      List<Mail> mails = new ArrayList<>();
      for (byte[] mail : mbox ? split(octets) : List.of(withoutFromLine(octets))) {
        mails.add(new Mail(mbox ? name + '#' + mails.size() : name, Octets.of(Crlf.of(mail))));
      }
      return mails;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] withoutFromLine(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    return text.startsWith("From ") && text.indexOf('\n') > 0
        ? text.substring(text.indexOf('\n') + 1).getBytes(StandardCharsets.ISO_8859_1)
        : octets;
  }

  private static List<byte[]> split(byte[] mbox) {
    List<byte[]> mails = new ArrayList<>();
    for (String mail :
        new String(mbox, StandardCharsets.ISO_8859_1).split("(?m)^From .*\r?\n", -1)) {
      if (!mail.isBlank()) {
        mails.add(mail.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return mails;
  }
}
