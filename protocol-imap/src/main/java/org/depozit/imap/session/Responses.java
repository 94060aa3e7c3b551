package org.depozit.imap.session;

import java.io.IOException;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Refused;
import org.depozit.wire.Output;

/// The server's half of the conversation. RFC 9051 §7. Each call writes one line, whatever it is
/// given, so that nothing a client has sent can forge a response; and every OK, NO, BAD and BYE has
/// text behind its code, without which clients fail to parse it.
///
/// Used by one thread at a time: the connection's own, or the [Pump] while it lives.
public final class Responses {
  private final Output output;

  Responses(Output output) {
    this.output = output;
  }

  /// The octets beneath, for what is no line: FETCH's literals.
  public Output output() {
    return output;
  }

  /// `* …`
  ///
  /// @param line without the star, and without CRLF
  public void untagged(String line) throws IOException {
    output.line("* " + line);
  }

  /// `* OK [code] text`
  public void ok(String code, String text) throws IOException {
    untagged("OK " + coded(code, text));
  }

  /// `* BYE text`
  ///
  /// @param text with a response code in front, if any
  public void bye(String text) throws IOException {
    untagged("BYE " + text);
  }

  /// `+ text`, sent at once.
  ///
  /// @param text may be empty; then the line is `+ ` with its space, as clients expect it
  public void proceed(String text) throws IOException {
    output.line("+ " + text).flush();
  }

  /// `tag OK text`
  ///
  /// @param text with a response code in front, if any
  public void completed(String tag, String text) throws IOException {
    output.line(tag + " OK " + text);
  }

  /// `tag NO [code] text` or `tag BAD [code] text`.
  public void rejected(String tag, Rejected why) throws IOException {
    output.line(tag + " " + why.status() + " " + coded(why.code().orElse(""), why.text()));
  }

  /// `tag NO [code] text`, for what the store has refused.
  public void refused(String tag, Refused why) throws IOException {
    output.line(tag + " NO " + coded(code(why.reason()), String.valueOf(why.getMessage())));
  }

  /// `tag NO [SERVERBUG] text`
  public void serverBug(String tag) throws IOException {
    output.line(tag + " NO [SERVERBUG] Internal error; it has been logged");
  }

  /// The response code for the store's reason. RFC 5530 §3; TOOBIG and HASCHILDREN are RFC 9051
  /// §7.1's.
  static String code(Refused.Reason reason) {
    return switch (reason) {
      case NONEXISTENT -> "NONEXISTENT";
      case ALREADY_EXISTS -> "ALREADYEXISTS";
      case CANNOT -> "CANNOT";
      case LIMIT -> "LIMIT";
      case TOO_BIG -> "TOOBIG";
      case HAS_CHILDREN -> "HASCHILDREN";
      case OVER_QUOTA -> "OVERQUOTA";
      case IN_USE -> "INUSE";
      case UNAVAILABLE -> "UNAVAILABLE";
    };
  }

  private static String coded(String code, String text) {
    String said = text.isBlank() ? "No more is known" : text;
    return code.isEmpty() ? said : "[" + code + "] " + said;
  }
}
