package org.depozit.pop3;

import java.io.IOException;
import org.depozit.wire.Output;

/// Writes replies. RFC 1939 §3, RFC 2449 §3. Nothing is flushed here.
final class Replies {
  private static final String OK = "+OK ";
  private static final String ERR = "-ERR ";

  /// The first line of a multi-line reply, and the trace headers of a message.
  private static final int BEGINNING = 2 << 10;

  private final Output output;
  private Language language = Language.EN;
  private boolean open;
  private long start;

  Replies(Output output) {
    this.output = output;
  }

  /// The line of an error before any language is chosen, without CRLF.
  static String error(ResponseCode code, Phrase phrase) {
    return ERR + "[" + code.word() + "] " + phrase.in(Language.EN);
  }

  /// The language of the texts.
  Language language() {
    return language;
  }

  /// Changes the language of the texts from here on. RFC 6856 §3.2.
  void speak(Language next) {
    language = next;
  }

  /// A positive reply with a text.
  void ok(Phrase phrase, Object... values) throws IOException {
    output.line(OK + phrase.in(language, values));
  }

  /// A positive reply whose words the protocol prescribes.
  void okWith(String words) throws IOException {
    output.line(OK + words);
  }

  /// A positive reply that begins a multi-line one: lines follow, then [#end()].
  void begin(Phrase phrase, Object... values) throws IOException {
    start = output.mark(BEGINNING);
    open = true;
    ok(phrase, values);
  }

  /// Takes back a multi-line reply that has begun and cannot be ended.
  ///
  /// @return false if some of it has been sent: then no other reply can be given
  boolean takeBack() {
    open = !output.takeBack(start);
    return !open;
  }

  /// A line of a listing.
  void line(int number, long octets) throws IOException {
    output.number(number).octet(' ').number(octets).crlf();
  }

  /// A line of a listing.
  ///
  /// @param uidl ASCII without controls
  void line(int number, String uidl) throws IOException {
    output.number(number).octet(' ').ascii(uidl).crlf();
  }

  /// A line of a multi-line reply; it does not begin with a dot.
  void line(String text) throws IOException {
    output.line(text);
  }

  /// The line that ends a multi-line reply.
  void end() throws IOException {
    output.line(".");
    open = false;
  }

  /// Notes that a multi-line reply was ended by whoever wrote its lines.
  void ended() {
    open = false;
  }

  /// Whether a multi-line reply has begun and not ended: an error cannot be told inside it, since
  /// the client would take it for a line of a message.
  boolean open() {
    return open;
  }

  /// A negative reply.
  void err(Rejected why) throws IOException {
    String code = why.code().map(one -> "[" + one.word() + "] ").orElse("");
    output.line(ERR + code + why.in(language));
  }
}
