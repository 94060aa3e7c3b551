package org.depozit.server;

import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.Manifest;

/// What a backup holds, for people.
final class BackupLines {
  private BackupLines() {}

  static List<String> of(Manifest manifest) {
    List<String> lines = new ArrayList<>();
    for (Manifest.Account account : manifest.accounts()) {
      lines.add(
          "%s: %,d mailboxes, %,d messages, %,d octets"
              .formatted(
                  account.name(), account.mailboxes(), account.messages(), account.octets()));
    }
    manifest.damaged().forEach(line -> lines.add("damaged in the store already: " + line));
    return lines;
  }
}
