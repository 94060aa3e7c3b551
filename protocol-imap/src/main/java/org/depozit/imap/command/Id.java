package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;

/// ID: who are you, and who am I. RFC 2971 §3.1. What the client says of itself is not kept.
record Id() implements ImapCommand {
  static final Spec SPEC = Spec.of("ID", State.ANY, Id::read, "ID");

  /// Fields that a client may send (RFC 2971 §3.3).
  private static final int MOST_FIELDS = 30;

  private static Id read(Args args, Session session) throws IOException {
    args.sp();
    if (args.accept('(')) {
      fields(args);
    } else if (!args.atom().equalsIgnoreCase("NIL")) {
      throw Rejected.bad("Expected NIL or a list");
    }
    args.end();
    return new Id();
  }

  private static void fields(Args args) throws IOException {
    int fields = 0;
    while (!args.accept(')')) {
      if (fields > 0) {
        args.sp();
      }
      args.string();
      args.sp();
      args.nstring();
      if (++fields > MOST_FIELDS) {
        throw Rejected.bad("Too many fields");
      }
    }
  }

  @Override
  public String run(Session session) throws IOException {
    session.responses().untagged("ID (\"name\" \"Depozit\")");
    return "ID completed";
  }
}
