package org.depozit.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.depozit.storage.InternalDate;

/// One message in a file of its own; the file's time becomes the internal date.
record EmlSource(Path file, String mailbox, List<String> flags) implements MailSource {
  @Override
  public long octets() {
    return file.toFile().length();
  }

  @Override
  public void each(Consumer<ImportedMail> sink) {
    try {
      InternalDate date = InternalDate.of(Files.getLastModifiedTime(file).toInstant());
      sink.accept(new ImportedMail(mailbox, flags, date, Files.readAllBytes(file)));
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
  }
}
