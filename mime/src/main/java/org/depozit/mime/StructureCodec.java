package org.depozit.mime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The store's form of a [BodyStructure]: a version octet, the tree in variable-length numbers and
/// texts, a CRC-32C.
///
/// Texts that stand in nearly every mail are a number of [#COMMON], so that a plain text message
/// takes about 20 octets. Any change of that list is a new version.
final class StructureCodec {
  private static final int VERSION = 1;
  private static final int CHECKSUM_OCTETS = 4;
  private static final int MULTIPART = 0;
  private static final int TEXT = 1;
  private static final int MESSAGE = 2;
  private static final int BASIC = 3;

  /// Texts with a number of their own; number 0 is the absent text.
  private static final List<String> COMMON =
      List.of(
          """
          text plain html multipart alternative mixed related signed report message rfc822
          application octet-stream pdf image jpeg png gif audio video calendar charset boundary
          name filename format flowed delsp yes no type protocol micalg utf-8 UTF-8 us-ascii
          US-ASCII iso-8859-1 ISO-8859-1 iso-8859-2 ISO-8859-2 windows-1250 windows-1252 7bit
          8bit 7BIT 8BIT quoted-printable base64 inline attachment digest pgp-signature
          pkcs7-signature x-pkcs7-signature delivery-status name* filename* size
          modification-date creation-date
          """
              .strip()
              .split("\\s+", -1));

  private static final Map<String, Integer> NUMBERS = numbers();

  private StructureCodec() {}

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < COMMON.size(); i++) {
      numbers.put(COMMON.get(i), i + 1);
    }
    return Map.copyOf(numbers);
  }

  static byte[] encode(BodyStructure structure) {
    Writer writer = new Writer();
    writer.octet(VERSION);
    writer.structure(structure, 0);
    return ByteBuffer.allocate(writer.length + CHECKSUM_OCTETS)
        .put(writer.array, 0, writer.length)
        .putInt(checksum(writer.array, writer.length))
        .array();
  }

  static BodyStructure decode(byte[] encoded) throws MalformedStructureException {
    int end = encoded.length - CHECKSUM_OCTETS;
    if (end < 1 || encoded[0] != VERSION) {
      throw new MalformedStructureException("no body structure of version " + VERSION);
    }
    if (ByteBuffer.wrap(encoded, end, CHECKSUM_OCTETS).getInt() != checksum(encoded, end)) {
      throw new MalformedStructureException("the body structure's checksum is wrong");
    }
    try {
      Reader reader = new Reader(ByteBuffer.wrap(encoded, 1, end - 1));
      BodyStructure structure = reader.structure(0, 0);
      if (reader.in.hasRemaining()) {
        throw new MalformedStructureException("octets after the body structure");
      }
      return structure;
    } catch (RuntimeException damaged) {
      throw new MalformedStructureException(
          "the body structure is damaged: " + damaged.getMessage());
    }
  }

  private static int checksum(byte[] octets, int length) {
    CRC32C crc = new CRC32C();
    crc.update(octets, 0, length);
    return (int) crc.getValue();
  }

  private static final class Writer {
    private byte[] array = new byte[256];
    private int length;

    void structure(BodyStructure structure, long base) {
      switch (structure) {
        case BodyStructure.Multipart(Part part, var parts) -> {
          octet(MULTIPART);
          part(part, base);
          number(parts.size());
          parts.forEach(child -> structure(child, part.bodyFrom()));
        }
        case BodyStructure.Text(Part part, long lines) -> {
          octet(TEXT);
          part(part, base);
          number(lines);
        }
        case BodyStructure.Message(
                Part part,
                Envelope envelope,
                BodyStructure message,
                long lines) -> {
          octet(MESSAGE);
          part(part, base);
          number(lines);
          envelope(envelope);
          structure(message, part.bodyFrom());
        }
        case BodyStructure.Basic(Part part) -> {
          octet(BASIC);
          part(part, base);
        }
      }
    }

    /// Places are told from where the holder's body starts: small numbers.
    private void part(Part part, long base) {
      text(part.type());
      text(part.subtype());
      parameters(part.parameters());
      text(part.id());
      text(part.description());
      text(part.encoding());
      text(part.md5());
      text(part.disposition().map(Disposition::type));
      part.disposition().ifPresent(disposition -> parameters(disposition.parameters()));
      texts(part.language());
      text(part.location());
      number(part.headerFrom() - base);
      number(part.bodyFrom() - part.headerFrom());
      number(part.octets());
    }

    private void parameters(List<Parameter> parameters) {
      number(parameters.size());
      for (Parameter parameter : parameters) {
        text(parameter.name());
        text(parameter.value());
      }
    }

    private void envelope(Envelope envelope) {
      text(envelope.date());
      text(envelope.subject());
      addresses(envelope.from());
      addresses(envelope.sender());
      addresses(envelope.replyTo());
      addresses(envelope.to());
      addresses(envelope.cc());
      addresses(envelope.bcc());
      text(envelope.inReplyTo());
      text(envelope.messageId());
    }

    private void addresses(List<Address> addresses) {
      number(addresses.size());
      for (Address address : addresses) {
        text(address.name());
        text(address.route());
        text(address.mailbox());
        text(address.host());
      }
    }

    private void texts(List<String> texts) {
      number(texts.size());
      texts.forEach(this::text);
    }

    private void text(Optional<String> text) {
      if (text.isPresent()) {
        text(text.get());
      } else {
        number(0);
      }
    }

    private void text(String text) {
      Integer common = NUMBERS.get(text);
      if (common != null) {
        number(common);
        return;
      }
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      number(COMMON.size() + 1L + octets.length);
      room(octets.length);
      System.arraycopy(octets, 0, array, length, octets.length);
      length += octets.length;
    }

    private void octet(int octet) {
      room(1);
      array[length++] = (byte) octet;
    }

    private void room(int more) {
      if (more > array.length - length) {
        array = Arrays.copyOf(array, Math.max(2 * array.length, Math.addExact(length, more)));
      }
    }

    private void number(long number) {
      long rest = number;
      while (rest > 0x7F) {
        octet((int) rest | 0x80);
        rest >>>= 7;
      }
      octet((int) rest);
    }
  }

  /// Reads what a [Writer] wrote. Damage that the checksum did not tell ends in a runtime exception
  /// of the buffer or of the records, or in one of these.
  private static final class Reader {
    private final ByteBuffer in;

    Reader(ByteBuffer in) {
      this.in = in;
    }

    BodyStructure structure(long base, int depth) throws MalformedStructureException {
      if (depth > 2 * MimeLimits.STANDARD.depth() + 1_000) {
        throw new MalformedStructureException("the body structure is too deep");
      }
      int kind = in.get();
      Part part = part(base);
      return switch (kind) {
        case MULTIPART -> multipart(part, depth);
        case TEXT -> new BodyStructure.Text(part, number());
        case MESSAGE -> message(part, depth);
        case BASIC -> new BodyStructure.Basic(part);
        default -> throw new MalformedStructureException("no kind of part: " + kind);
      };
    }

    private BodyStructure multipart(Part part, int depth) throws MalformedStructureException {
      int count = count();
      List<BodyStructure> parts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        parts.add(structure(part.bodyFrom(), depth + 1));
      }
      return new BodyStructure.Multipart(part, parts);
    }

    private BodyStructure message(Part part, int depth) throws MalformedStructureException {
      long lines = number();
      Envelope envelope = envelope();
      return new BodyStructure.Message(
          part, envelope, structure(part.bodyFrom(), depth + 1), lines);
    }

    private Part part(long base) throws MalformedStructureException {
      String type = required();
      String subtype = required();
      List<Parameter> parameters = parameters();
      Optional<String> id = text();
      Optional<String> description = text();
      String encoding = required();
      Optional<String> md5 = text();
      Optional<String> dispositionType = text();
      Optional<Disposition> disposition =
          dispositionType.isPresent()
              ? Optional.of(new Disposition(dispositionType.get(), parameters()))
              : Optional.empty();
      List<String> language = texts();
      Optional<String> location = text();
      long headerFrom = base + number();
      long bodyFrom = headerFrom + number();
      long bodyTo = bodyFrom + number();
      return new Part(
          type,
          subtype,
          parameters,
          id,
          description,
          encoding,
          md5,
          disposition,
          language,
          location,
          headerFrom,
          bodyFrom,
          bodyTo);
    }

    private List<Parameter> parameters() throws MalformedStructureException {
      int count = count();
      List<Parameter> parameters = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        parameters.add(new Parameter(required(), required()));
      }
      return parameters;
    }

    private Envelope envelope() throws MalformedStructureException {
      return new Envelope(
          text(),
          text(),
          addresses(),
          addresses(),
          addresses(),
          addresses(),
          addresses(),
          addresses(),
          text(),
          text());
    }

    private List<Address> addresses() throws MalformedStructureException {
      int count = count();
      List<Address> addresses = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        addresses.add(new Address(text(), text(), text(), text()));
      }
      return addresses;
    }

    private List<String> texts() throws MalformedStructureException {
      int count = count();
      List<String> texts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        texts.add(required());
      }
      return texts;
    }

    private String required() throws MalformedStructureException {
      return text().orElseThrow(() -> new MalformedStructureException("a text is missing"));
    }

    private Optional<String> text() throws MalformedStructureException {
      long number = number();
      if (number == 0) {
        return Optional.empty();
      }
      if (number <= COMMON.size()) {
        return Optional.of(COMMON.get((int) number - 1));
      }
      byte[] octets = new byte[fitting(number - COMMON.size() - 1)];
      in.get(octets);
      return Optional.of(new String(octets, StandardCharsets.UTF_8));
    }

    private int count() throws MalformedStructureException {
      return fitting(number());
    }

    /// What is counted takes an octet each at the least, so a damaged count cannot ask for more
    /// heap than that.
    private int fitting(long number) throws MalformedStructureException {
      if (number > in.remaining()) {
        throw new MalformedStructureException("the body structure ends too soon");
      }
      return (int) number;
    }

    private long number() throws MalformedStructureException {
      long number = 0;
      for (int shift = 0; shift < 63; shift += 7) {
        byte octet = in.get();
        number |= (long) (octet & 0x7F) << shift;
        if (octet >= 0) {
          return number;
        }
      }
      throw new MalformedStructureException("a number is too long");
    }
  }
}
