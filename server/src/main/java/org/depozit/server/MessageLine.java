package org.depozit.server;

import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.depozit.mime.HeaderFields;
import org.depozit.mime.Octets;
import org.depozit.storage.Content;
import org.depozit.storage.Mailbox;
import org.depozit.storage.View;
import org.depozit.wire.Output;

/// One line about a message for people: UID, date, sender, subject.
final class MessageLine {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private MessageLine() {}

  static String of(Mailbox mailbox, View view, int position) {
    long uid = view.uid(position);
    String date = DATE.format(view.internalDate(position).dateTime());
    Optional<Content> content = mailbox.content(uid);
    if (content.isEmpty()) {
      return "%8d  %s".formatted(uid, date);
    }
    try (Content open = content.get()) {
      return "%8d  %s  %-40s  %s".formatted(uid, date, field(open, "From"), field(open, "Subject"));
    }
  }

  private static String field(Octets message, String name) {
    List<String> values = HeaderFields.decoded(message, name);
    return values.isEmpty() ? "" : Output.oneLine(values.getFirst());
  }
}
