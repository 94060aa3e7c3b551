package org.depozit.pop3;

import java.util.Optional;
import java.util.OptionalInt;
import org.depozit.wire.Limits;

/// A command, read. RFC 1939 §5 to §7, RFC 2449 §5, RFC 2595 §4, RFC 5034 §4, RFC 6856 §2 and §3,
/// RFC 1460 §5 (LAST).
///
/// Each belongs to the state it may be given in; those that may be given in both belong to both.
sealed interface Pop3Command {
  /// May be given in the AUTHORIZATION state.
  sealed interface OfAuthorization extends Pop3Command {}

  /// May be given in the TRANSACTION state.
  sealed interface OfTransaction extends Pop3Command {}

  /// Reads a line.
  ///
  /// @param line without its end; what is a password in it is wiped
  /// @throws Rejected if it is no command, or its arguments are not
  static Pop3Command read(byte[] line, Limits limits) throws Rejected {
    return new CommandLine(line, limits).command();
  }

  /// USER. RFC 1939 §7; in UTF-8 by RFC 6856 §2.2.
  record User(String name) implements OfAuthorization {}

  /// PASS. RFC 1939 §7. Not a record, whose `toString` would tell the password.
  final class Pass implements OfAuthorization {
    private final char[] password;

    Pass(char[] password) {
      this.password = password;
    }

    /// The password itself, not a copy: who takes it wipes it.
    char[] password() {
      return password;
    }
  }

  /// AUTH. RFC 5034 §4. Without a mechanism it asks for a list of them, as clients did before CAPA.
  record Auth(Optional<String> mechanism, Optional<String> initial) implements OfAuthorization {
    /// Without the initial response, which may hold a password.
    @Override
    public String toString() {
      return "Auth[" + mechanism.orElse("") + "]";
    }
  }

  /// STLS. RFC 2595 §4.
  record Stls() implements OfAuthorization {}

  /// UTF8. RFC 6856 §2.1.
  record Utf8() implements OfAuthorization {}

  /// CAPA. RFC 2449 §5.
  record Capa() implements OfAuthorization, OfTransaction {}

  /// LANG. RFC 6856 §3. Without a range it asks for the list.
  record Lang(Optional<String> range) implements OfAuthorization, OfTransaction {}

  /// QUIT. RFC 1939 §4 and §6.
  record Quit() implements OfAuthorization, OfTransaction {}

  /// STAT. RFC 1939 §5.
  record Stat() implements OfTransaction {}

  /// LIST. RFC 1939 §5. Numbers beyond an int are read as the largest.
  record List(OptionalInt number) implements OfTransaction {}

  /// RETR. RFC 1939 §5.
  record Retr(int number) implements OfTransaction {}

  /// DELE. RFC 1939 §5.
  record Dele(int number) implements OfTransaction {}

  /// NOOP. RFC 1939 §5.
  record Noop() implements OfTransaction {}

  /// RSET. RFC 1939 §5.
  record Rset() implements OfTransaction {}

  /// LAST. RFC 1460 §5; RFC 1939 has dropped it, old clients have not.
  record Last() implements OfTransaction {}

  /// TOP. RFC 1939 §7.
  ///
  /// @param lines of the body, 0 or more
  record Top(int number, int lines) implements OfTransaction {}

  /// UIDL. RFC 1939 §7.
  record Uidl(OptionalInt number) implements OfTransaction {}
}
