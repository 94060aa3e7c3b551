package org.depozit.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.angus.mail.util.BASE64DecoderStream;

/// Searches the decoded text of a message (RFC 3501 §6.4.4, BODY and TEXT), in slices: neither a
/// big body nor a long line is ever held.
///
/// Searched are all text/* parts with their transfer encoding and character set decoded, and the
/// headers of parts and of messages in messages. HTML is searched twice: as it stands, and as the
/// text that a reader sees, without its tags. Broken encodings are read as far as they go; an
/// unknown character set is read as UTF-8 and windows-1252. Each header field is searched with its
/// name, its encoded-words and the parameters of its file names decoded.
public final class BodyText {
  private static final int SLICE = 8192;

  private final Octets content;
  private final String needle;

  private BodyText(Octets content, String needle) {
    this.content = content;
    this.needle = needle;
  }

  /// What is searched.
  public enum Scope {
    /// The body: SEARCH BODY.
    BODY,
    /// The header too: SEARCH TEXT.
    TEXT
  }

  /// Whether the text holds `foldedNeedle`, which [Casemap#fold] made. Every text holds the empty
  /// one.
  ///
  /// @param content the message's content, which `structure` tells of
  public static boolean contains(
      Octets content, BodyStructure structure, String foldedNeedle, Scope scope) {
    BodyText text = new BodyText(content, foldedNeedle);
    return foldedNeedle.isEmpty()
        || (scope == Scope.TEXT && text.inHeader(structure.part()))
        || text.inBody(structure);
  }

  private boolean inBody(BodyStructure structure) {
    return switch (structure) {
      case BodyStructure.Multipart(Part _, var parts) ->
          parts.stream().anyMatch(child -> inHeader(child.part()) || inBody(child));
      case BodyStructure.Message(Part _, Envelope _, BodyStructure message, long _) ->
          inHeader(message.part()) || inBody(message);
      case BodyStructure.Text(Part part, long _) -> inText(part);
      case BodyStructure.Basic _ -> false;
    };
  }

  private boolean inHeader(Part part) {
    Header header = HeaderFields.read(content.slice(part.header()));
    for (int i = 0; i < header.count(); i++) {
      String field = header.name(i) + ": " + header.decoded(i);
      if (Casemap.fold(field).contains(needle) || inParameters(header, i)) {
        return true;
      }
    }
    return false;
  }

  /// The values of RFC 2231 can be read only when they are put together.
  private boolean inParameters(Header header, int index) {
    String value = header.value(index);
    if (!value.contains("*") || !value.contains(";")) {
      return false;
    }
    ParameterScanner scanner = new ParameterScanner(value, MimeLimits.STANDARD);
    scanner.main();
    return scanner.parameters().stream()
        .anyMatch(parameter ->
            Casemap.fold(ParameterScanner.decoded(parameter, header.rawCharset()))
                .contains(needle));
  }

  private boolean inText(Part part) {
    TextDecoder decoder = new TextDecoder(charset(part));
    Needle plain = new Needle(needle);
    boolean html = part.subtype().equalsIgnoreCase("html");
    Needle shown = new Needle(needle);
    TagStripper stripper = new TagStripper();
    byte[] octets = new byte[Math.clamp(part.octets(), 1, SLICE)];
    CharBuffer text = CharBuffer.allocate(decoder.room(octets.length));
    try (InputStream in = decoded(part)) {
      for (int read = read(in, octets); read >= 0; read = read(in, octets)) {
        decoder.decode(octets, read, text.clear(), false);
        if (plain.isIn(text.flip()) || (html && shown.isIn(stripper.stripped(text)))) {
          return true;
        }
      }
      decoder.decode(octets, 0, text.clear(), true);
      return plain.isInLast(text.flip()) || (html && shown.isInLast(stripper.stripped(text)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static int read(InputStream in, byte[] octets) throws IOException {
    return in.read(octets, 0, octets.length);
  }

  private static Charset charset(Part part) {
    return ParameterScanner.plainValue(part.parameters(), "charset")
        .flatMap(Charsets::named)
        .orElse(StandardCharsets.UTF_8);
  }

  private InputStream decoded(Part part) {
    InputStream encoded = content.slice(part.body()).stream();
    return switch (part.encoding().toLowerCase(Locale.ROOT)) {
      case "base64" -> new BASE64DecoderStream(encoded, true);
      case "quoted-printable" -> new QuotedPrintable(encoded);
      default -> encoded;
    };
  }
}
