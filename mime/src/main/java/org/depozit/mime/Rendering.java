package org.depozit.mime;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Writes envelopes and body structures in IMAP's parenthesised form (RFC 3501 §7.4.2, §9
/// `envelope`, `body`).
///
/// It stands here and not with IMAP since the store keeps rendered envelopes, and a message in a
/// message has one inside its structure. All texts are in seven bits and without control characters
/// already, so quoted strings do.
final class Rendering {
  private final StringBuilder out = new StringBuilder(512);

  byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  Rendering envelope(Envelope envelope) {
    out.append('(');
    nstring(envelope.date());
    out.append(' ');
    nstring(envelope.subject());
    addresses(envelope.from());
    addresses(envelope.sender());
    addresses(envelope.replyTo());
    addresses(envelope.to());
    addresses(envelope.cc());
    addresses(envelope.bcc());
    out.append(' ');
    nstring(envelope.inReplyTo());
    out.append(' ');
    nstring(envelope.messageId());
    out.append(')');
    return this;
  }

  /// No space between two addresses (RFC 3501 §9 `env-from`); clients choke on one.
  private void addresses(List<Address> addresses) {
    out.append(' ');
    if (addresses.isEmpty()) {
      out.append("NIL");
      return;
    }
    out.append('(');
    for (Address address : addresses) {
      out.append('(');
      nstring(address.name());
      out.append(' ');
      nstring(address.route());
      out.append(' ');
      nstring(address.mailbox());
      out.append(' ');
      nstring(address.host());
      out.append(')');
    }
    out.append(')');
  }

  Rendering structure(BodyStructure structure, boolean extended) {
    out.append('(');
    switch (structure) {
      case BodyStructure.Multipart(Part part, var parts) -> multipart(part, parts, extended);
      case BodyStructure.Text(Part part, long lines) -> {
        single(part);
        out.append(' ').append(lines);
        singleExtension(part, extended);
      }
      case BodyStructure.Message(
              Part part,
              Envelope envelope,
              BodyStructure message,
              long lines) -> {
        single(part);
        out.append(' ');
        envelope(envelope);
        out.append(' ');
        structure(message, extended);
        out.append(' ').append(lines);
        singleExtension(part, extended);
      }
      case BodyStructure.Basic(Part part) -> {
        single(part);
        singleExtension(part, extended);
      }
    }
    out.append(')');
    return this;
  }

  private void multipart(Part part, List<BodyStructure> parts, boolean extended) {
    for (BodyStructure child : parts) {
      structure(child, extended);
    }
    out.append(' ');
    string(part.subtype());
    if (extended) {
      out.append(' ');
      parameters(part.parameters());
      commonExtension(part);
    }
  }

  private void single(Part part) {
    string(part.type());
    out.append(' ');
    string(part.subtype());
    out.append(' ');
    parameters(part.parameters());
    out.append(' ');
    nstring(part.id());
    out.append(' ');
    nstring(part.description());
    out.append(' ');
    string(part.encoding());
    out.append(' ').append(part.octets());
  }

  private void singleExtension(Part part, boolean extended) {
    if (extended) {
      out.append(' ');
      nstring(part.md5());
      commonExtension(part);
    }
  }

  private void commonExtension(Part part) {
    out.append(' ');
    part.disposition().ifPresentOrElse(this::disposition, () -> out.append("NIL"));
    out.append(' ');
    language(part.language());
    out.append(' ');
    nstring(part.location());
  }

  private void disposition(Disposition disposition) {
    out.append('(');
    string(disposition.type());
    out.append(' ');
    parameters(disposition.parameters());
    out.append(')');
  }

  private void parameters(List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      out.append("NIL");
      return;
    }
    char before = '(';
    for (Parameter parameter : parameters) {
      out.append(before);
      string(parameter.name());
      out.append(' ');
      string(parameter.value());
      before = ' ';
    }
    out.append(')');
  }

  private void language(List<String> tags) {
    if (tags.isEmpty()) {
      out.append("NIL");
      return;
    }
    char before = '(';
    for (String tag : tags) {
      out.append(before);
      string(tag);
      before = ' ';
    }
    out.append(')');
  }

  private void nstring(Optional<String> text) {
    if (text.isPresent()) {
      string(text.get());
    } else {
      out.append("NIL");
    }
  }

  private void string(String text) {
    out.append('"');
    if (text.indexOf('"') < 0 && text.indexOf('\\') < 0) {
      out.append(text);
    } else {
      escaped(text);
    }
    out.append('"');
  }

  private void escaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
  }
}
