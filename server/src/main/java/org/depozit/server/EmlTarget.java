package org.depozit.server;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// A folder a mailbox, `Work.2024`, and in it a file a message, named by UID: its octets as they
/// are served, its time the internal date. Flags stand in the folder's file `.flags`, [EmlFlags].
final class EmlTarget implements MailTarget {
  private final Path folder;
  private final ExportIndex.Writer index;
  private Path current;
  private Writer flags = Writer.nullWriter();

  EmlTarget(Path folder, ExportIndex.Writer index) {
    this.folder = folder;
    this.current = folder;
    this.index = index;
  }

  @Override
  public void mailbox(String name, List<String> keywords) {
    String entry = ExportIndex.fileName(name);
    try {
      flags.close();
      current = Files.createDirectory(folder.resolve(entry));
      flags = EmlFlags.create(current);
      index.add(entry, name);
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(folder.resolve(entry), e);
    }
  }

  @Override
  public void mail(OutgoingMail mail) {
    String name = "%010d.eml".formatted(mail.uid());
    Path file = current.resolve(name);
    try {
      try (var out =
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        mail.octets().transferTo(out);
      }
      Instant date = Instant.ofEpochSecond(mail.date().epochSecond());
      Files.setLastModifiedTime(file, FileTime.from(date));
      EmlFlags.write(flags, name, mail.flags());
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(file, e);
    }
  }

  @Override
  public void close() {
    try (index) {
      flags.close();
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(current, e);
    }
  }
}
