package org.depozit.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;

/// ENABLE. RFC 5161 §3.1. Names that mean nothing here are passed over, as it demands. CONDSTORE is
/// RFC 7162 §3.1's.
record Enable(List<String> names) implements ImapCommand {
  static final Spec SPEC =
      Spec.of("ENABLE", State.AFTER_LOGIN, Enable::read, "ENABLE", "CONDSTORE");

  private static Enable read(Args args, Session session) throws IOException {
    List<String> names = new ArrayList<>();
    do {
      args.sp();
      names.add(args.atom().toUpperCase(Locale.ROOT));
    } while (!args.atEnd());
    args.end();
    return new Enable(names);
  }

  @Override
  public String run(Session session) throws IOException {
    StringBuilder enabled = new StringBuilder("ENABLED");
    for (Extension extension : Extension.values()) {
      if (names.contains(extension.name()) && session.enable(extension)) {
        enabled.append(' ').append(extension.name());
      }
    }
    session.responses().untagged(enabled.toString());
    return "ENABLE completed";
  }
}
