package org.depozit.storage;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.depozit.mime.BaseSubject;
import org.depozit.mime.Casemap;
import org.depozit.mime.HeaderText;
import org.depozit.mime.ParsedMessage;

/// A message on its way in, read and hashed, ready for the writer. Arrays are not written to.
///
/// @param from folded text of the whole field; likewise to, cc, bcc, subject
/// @param noted see [NotedField]
record Prepared(
    HeapOrFileSpool spool,
    Set<Flag> flags,
    InternalDate internalDate,
    byte[] sha256,
    byte[] structure,
    byte[] envelope,
    int sentDay,
    String messageId,
    String baseSubject,
    Optional<String> from,
    Optional<String> to,
    Optional<String> cc,
    Optional<String> bcc,
    Optional<String> subject,
    Map<NotedField, String> noted) {

  static Prepared of(IncomingMessage message, HeapOrFileSpool spool, ParsedMessage parsed) {
    HeaderText text = parsed.text();
    BaseSubject base = parsed.baseSubject();
    return new Prepared(
        spool,
        message.flags(),
        message.internalDate(),
        spool.sha256(),
        parsed.structure().encode(),
        parsed.envelope().rendered(),
        parsed
            .sent()
            .map(sent -> Math.toIntExact(sent.day().toEpochDay()))
            .orElse(Integer.MIN_VALUE),
        parsed.messageId().orElse(""),
        Casemap.fold(base.text()),
        text.from().map(Casemap::fold),
        text.to().map(Casemap::fold),
        text.cc().map(Casemap::fold),
        text.bcc().map(Casemap::fold),
        text.subject().map(Casemap::fold),
        NotedField.of(spool.octets().slice(0, parsed.structure().part().bodyFrom())));
  }

  /// Octets without trace headers.
  long length() {
    return spool.length();
  }
}
