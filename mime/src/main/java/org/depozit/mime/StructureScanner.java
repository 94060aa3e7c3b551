package org.depozit.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the parts of a message and their places in one pass over its lines (RFC 2045, RFC 2046
/// §5.1).
///
/// Bodies are only looked through for boundaries. A line that starts with two dashes and the
/// boundary of *any* open multipart ends everything inside that one, in bodies and in headers, so
/// that a missing close-delimiter costs nothing but itself; of several boundaries that fit, the
/// longest is meant, and of equals the innermost. Beyond the bounds of [MimeLimits] nothing is
/// opened any more. For one thread and one message.
final class StructureScanner {
  private static final int NONE = -1;

  /// A part with its header and its type, which its holder wants for an envelope.
  record Entity(BodyStructure structure, Header header, MediaType type) {}

  private final Octets content;
  private final MimeLimits limits;
  private final PartReader reader;
  private final LineScanner lines;
  private final List<byte[]> boundaries = new ArrayList<>();
  private int parts;
  private long headerOctets;

  // The boundary at which the last part ended, counted from the outermost, NONE at the content's
  // end; and whether that
  // line closed its multipart. The scanner then stands on that line.
  private int hit = NONE;
  private boolean closing;

  StructureScanner(Octets content, MimeLimits limits) {
    this.content = content;
    this.limits = limits;
    this.reader = new PartReader(limits);
    this.lines = new LineScanner(content);
    this.headerOctets = limits.allHeaderOctets();
  }

  /// The whole message.
  Entity message() {
    return entity(MediaType.PLAIN, 0);
  }

  private Entity entity(MediaType usual, int depth) {
    if (++parts > limits.parts()) {
      BodyStructure opaque = opaque(lines.position(), lines.position(), true);
      return new Entity(opaque, Header.NONE, MediaType.OPAQUE);
    }
    long headerFrom = lines.position();
    boolean cut = skipHeader();
    long bodyFrom = cut ? bodyTo(headerFrom) : lines.position();
    Header header = header(headerFrom, bodyFrom);
    MediaType type =
        header.first("Content-Type").map(value -> MediaType.of(value, limits)).orElse(usual);
    BodyStructure structure =
        cut ? cut(header, type, headerFrom, bodyFrom) : body(header, type, headerFrom, depth);
    return new Entity(structure, header, type);
  }

  /// Goes behind the blank line that ends a header; true if a boundary or the content's end came
  /// first.
  private boolean skipHeader() {
    hit = NONE;
    while (!lines.atEnd()) {
      if (lines.blank()) {
        lines.skipLine();
        return false;
      }
      if (lines.dashes() && atBoundary()) {
        return true;
      }
      lines.skipLine();
    }
    return true;
  }

  private Header header(long from, long to) {
    int length = (int) Math.min(to - from, Math.min(limits.headerOctets(), headerOctets));
    headerOctets -= length;
    return Header.read(content, from, length);
  }

  /// A part that ended inside its header has an empty body.
  private BodyStructure cut(Header header, MediaType type, long headerFrom, long bodyFrom) {
    Part part = reader.part(header, type, headerFrom, bodyFrom, bodyFrom);
    if (type.isMultipart()) {
      return new BodyStructure.Multipart(part, List.of(plain(bodyFrom, bodyFrom, 0)));
    }
    if (type.is("message", "rfc822")) {
      return new BodyStructure.Message(part, Envelope.EMPTY, plain(bodyFrom, bodyFrom, 0), 0);
    }
    return type.isText() ? new BodyStructure.Text(part, 0) : new BodyStructure.Basic(part);
  }

  private BodyStructure body(Header header, MediaType type, long headerFrom, int depth) {
    long bodyFrom = lines.position();
    boolean holder = type.isMultipart() || type.is("message", "rfc822");
    if (holder && depth >= limits.depth()) {
      return opaque(headerFrom, bodyFrom, false);
    }
    if (type.isMultipart()) {
      return multipart(header, type, headerFrom, depth);
    }
    long linesBefore = lines.lines();
    if (type.is("message", "rfc822")) {
      Entity held = entity(MediaType.PLAIN, depth + 1);
      Part part = reader.part(header, type, headerFrom, bodyFrom, held.structure().part().bodyTo());
      Envelope envelope = new EnvelopeReader(held.header(), held.type(), limits).envelope();
      return new BodyStructure.Message(part, envelope, held.structure(), linesSince(linesBefore));
    }
    skipBody(false);
    Part part = reader.part(header, type, headerFrom, bodyFrom, bodyTo(bodyFrom));
    return type.isText()
        ? new BodyStructure.Text(part, linesSince(linesBefore))
        : new BodyStructure.Basic(part);
  }

  /// A part beyond the bounds. If it is one part too many (`swallows`), it takes the rest of its
  /// multipart, too.
  private BodyStructure opaque(long headerFrom, long bodyFrom, boolean swallows) {
    skipBody(swallows);
    return new BodyStructure.Basic(
        reader.part(Header.NONE, MediaType.OPAQUE, headerFrom, bodyFrom, bodyTo(bodyFrom)));
  }

  private BodyStructure multipart(Header header, MediaType type, long headerFrom, int depth) {
    long bodyFrom = lines.position();
    long linesBefore = lines.lines();
    List<BodyStructure> children = new ArrayList<>();
    Optional<byte[]> boundary =
        type.boundary().map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    if (boundary.isPresent()) {
      children(type, boundary.get(), depth, children);
    } else {
      skipBody(false);
    }
    long bodyTo = bodyTo(bodyFrom);
    if (children.isEmpty()) {
      children.add(plain(bodyFrom, bodyTo, linesSince(linesBefore)));
    }
    // A separator and, on the next line, the boundary of a holder share a line end: the empty part
    // wins.
    bodyTo = Math.max(bodyTo, children.getLast().part().bodyTo());
    return new BodyStructure.Multipart(
        reader.part(header, type, headerFrom, bodyFrom, bodyTo), children);
  }

  private void children(MediaType type, byte[] boundary, int depth, List<BodyStructure> children) {
    MediaType usual = type.is("multipart", "digest") ? MediaType.DIGESTED : MediaType.PLAIN;
    boundaries.add(boundary);
    int own = boundaries.size() - 1;
    skipBody(false);
    while (hit == own && !closing) {
      lines.skipLine();
      children.add(entity(usual, depth + 1).structure());
    }
    boundaries.removeLast();
    if (hit == own) {
      lines.skipLine();
      skipBody(false);
    }
  }

  /// The one part that a multipart without boundaries is shown with.
  private BodyStructure plain(long bodyFrom, long bodyTo, long lineCount) {
    return new BodyStructure.Text(
        reader.part(Header.NONE, MediaType.PLAIN, bodyFrom, bodyFrom, bodyTo), lineCount);
  }

  /// Goes to the line that ends the body. With `swallows` the innermost multipart's separators do
  /// not.
  private void skipBody(boolean swallows) {
    while (lines.seekDashes()) {
      if (atBoundary() && !(swallows && hit == boundaries.size() - 1 && !closing)) {
        return;
      }
      lines.skipLine();
    }
    hit = NONE;
  }

  private boolean atBoundary() {
    hit = NONE;
    int longest = 0;
    for (int i = boundaries.size() - 1; i >= 0; i--) {
      byte[] boundary = boundaries.get(i);
      if (boundary.length > longest && lines.has(2, boundary)) {
        hit = i;
        longest = boundary.length;
      }
    }
    int behind = longest + 2;
    closing =
        hit != NONE
            && lines.reach() >= behind + 2
            && lines.peek(behind) == '-'
            && lines.peek(behind + 1) == '-';
    return hit != NONE;
  }

  /// Where a body that started at `bodyFrom` ends: before the line end that belongs to the
  /// boundary.
  private long bodyTo(long bodyFrom) {
    return hit == NONE ? content.length() : Math.max(bodyFrom, lines.position() - lines.lastEnd());
  }

  private long linesSince(long before) {
    long count = lines.lines() - before;
    return count > 0 && hit != NONE && lines.lastBlank() ? count - 1 : count;
  }
}
