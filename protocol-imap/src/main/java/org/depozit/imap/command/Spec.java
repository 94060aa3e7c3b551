package org.depozit.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;

/// A command's row in the table [Commands#ALL]: all that the loop, CAPABILITY and the tests ask
/// about it.
///
/// @param name in capitals; a command on UIDs has its `UID ` in front
/// @param in the states in which it is allowed
/// @param numbersInUse whether its answers speak of message numbers, so that no EXPUNGE may come
///   between (RFC 9051 §7.5.1)
/// @param capabilities those that it brings; shown in the states in which it is allowed
/// @param reader reads its arguments
public record Spec(
    String name, Set<State> in, boolean numbersInUse, List<String> capabilities, Reader reader) {

  /// Reads a command's arguments, from behind its name to the end of its line; [Args#end] is its
  /// last call.
  @FunctionalInterface
  public interface Reader {
    /// Reads the arguments.
    ///
    /// @param session for what the meaning of arguments depends on
    ImapCommand read(Args args, Session session) throws IOException;
  }

  /// A row.
  ///
  /// @param capabilities those that it brings
  static Spec of(String name, Set<State> in, Reader reader, String... capabilities) {
    return new Spec(name, in, false, List.of(capabilities), reader);
  }

  /// The row of a command without arguments.
  static Spec bare(String name, Set<State> in, ImapCommand command, String... capabilities) {
    Reader reader =
        (args, _) -> {
          args.end();
          return command;
        };
    return of(name, in, reader, capabilities);
  }

  /// The same row, for a command whose answers speak of message numbers.
  Spec usingNumbers() {
    return new Spec(name, in, true, capabilities, reader);
  }

  /// Whether the command speaks of UIDs, so that its FETCH responses must bear them.
  public boolean withUids() {
    return name.startsWith("UID ");
  }
}
