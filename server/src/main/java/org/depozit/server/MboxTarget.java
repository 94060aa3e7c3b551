package org.depozit.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A file a mailbox, `Work.2024.mbox`; see [MboxWriter] for what is in it.
final class MboxTarget implements MailTarget {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final ExportIndex.Writer index;
  private Path file;
  private OutputStream out = OutputStream.nullOutputStream();

  MboxTarget(Path folder, ExportIndex.Writer index) {
    this.folder = folder;
    this.file = folder;
    this.index = index;
  }

  @Override
  public void mailbox(String name, List<String> keywords) {
    String entry = ExportIndex.fileName(name) + ".mbox";
    file = folder.resolve(entry);
    try {
      out.close();
      out =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              BUFFER);
      index.add(entry, name);
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(file, e);
    }
  }

  @Override
  public void mail(OutgoingMail mail) {
    try {
      new MboxWriter(out).write(mail);
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(file, e);
    }
  }

  @Override
  public void close() {
    try (index) {
      out.close();
    } catch (IOException e) {
      throw CommandFailed.cannotWrite(file, e);
    }
  }
}
