package org.depozit.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.depozit.imap.session.Pump;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Rejected;
import org.depozit.wire.LineTooLong;

/// IDLE. RFC 2177 §3. While it lasts a [Pump] writes, and the connection's thread waits for DONE: a
/// thread made for that, since most sessions idle most of the time ([Session#later]).
final class Idle {
  static final Spec SPEC = Spec.bare("IDLE", State.AFTER_LOGIN, Idle::run, "IDLE");

  private static final int DONE_LINE = 64;

  private Idle() {}

  private static String run(Session session) throws IOException {
    session.responses().proceed("idling");
    session.later(Idle::untilDone);
    return ImapCommand.ANSWERED;
  }

  private static String untilDone(Session session) throws IOException {
    Optional<String> line;
    try (Pump _ = Pump.start(session)) {
      line = session.connection().input().text(DONE_LINE);
    } catch (LineTooLong _) {
      throw Rejected.bad("Expected DONE");
    }
    String done = line.orElseThrow(() -> new IOException("the peer left while idle"));
    if (!done.equalsIgnoreCase("DONE")) {
      throw Rejected.bad("Expected DONE");
    }
    return "IDLE completed";
  }
}
