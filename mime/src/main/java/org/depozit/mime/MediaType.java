package org.depozit.mime;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A Content-Type field, read as far as it can be (RFC 2045 §5.1).
///
/// `text` alone is text/plain, `multipart` alone is multipart/mixed, `message` alone is
/// message/rfc822, another known type alone is application/octet-stream; what cannot be read at all
/// is text/plain (RFC 2045 §5.2). Parameters are still octet texts.
record MediaType(String type, String subtype, List<Parameter> parameters) {
  private static final Set<String> BARE_TYPES =
      Set.of("application", "image", "audio", "video", "model", "font", "chemical");

  private static final Specials NO_TOKEN = Specials.of("()<>@,;:\\\"/[]?=").andControls();

  /// What a part without a Content-Type is (RFC 2045 §5.2).
  static final MediaType PLAIN =
      new MediaType("text", "plain", List.of(new Parameter("charset", "us-ascii")));

  /// What a part of a multipart/digest without a Content-Type is (RFC 2046 §5.1.5).
  static final MediaType DIGESTED = new MediaType("message", "rfc822", List.of());

  /// What a part is shown as that lies beyond the bounds.
  static final MediaType OPAQUE = new MediaType("application", "octet-stream", List.of());

  MediaType {
    parameters = List.copyOf(parameters);
  }

  /// Reads the octet text `value`.
  static MediaType of(String value, MimeLimits limits) {
    ParameterScanner scanner = new ParameterScanner(value, limits);
    String main = scanner.main();
    List<Parameter> parameters = scanner.parameters();
    int slash = main.indexOf('/');
    String type = token(slash < 0 ? main : main.substring(0, slash));
    String subtype = slash < 0 ? "" : token(main.substring(slash + 1));
    if (!type.isEmpty() && !subtype.isEmpty()) {
      return new MediaType(type, subtype, parameters);
    }
    return bare(type.toLowerCase(Locale.ROOT), parameters);
  }

  private static MediaType bare(String type, List<Parameter> parameters) {
    return switch (type) {
      case "multipart" -> new MediaType(type, "mixed", parameters);
      case "message" -> new MediaType(type, "rfc822", parameters);
      default ->
          BARE_TYPES.contains(type)
              ? new MediaType("application", "octet-stream", parameters)
              : new MediaType("text", "plain", parameters);
    };
  }

  /// The first word, if it is one of token characters (RFC 2045 §5.1); else nothing.
  private static String token(String text) {
    String word = text.strip();
    int to = 0;
    while (to < word.length() && isToken(word.charAt(to))) {
      to++;
    }
    boolean clean = to == word.length() || word.charAt(to) == ' ' || word.charAt(to) == '\t';
    return clean && to <= 127 ? word.substring(0, to) : "";
  }

  private static boolean isToken(char c) {
    return c < 0x7F && !NO_TOKEN.has(c);
  }

  boolean is(String wantedType, String wantedSubtype) {
    return type.equalsIgnoreCase(wantedType) && subtype.equalsIgnoreCase(wantedSubtype);
  }

  boolean isMultipart() {
    return type.equalsIgnoreCase("multipart");
  }

  boolean isText() {
    return type.equalsIgnoreCase("text");
  }

  /// The charset parameter.
  Optional<String> charset() {
    return ParameterScanner.plainValue(parameters, "charset");
  }

  /// The character set of raw eight bits that are no UTF-8, in the header of which this is the
  /// type.
  Charset headerCharset() {
    return charset()
        .flatMap(Charsets::named)
        .filter(charset -> !charset.equals(StandardCharsets.UTF_8))
        .orElse(Charsets.WESTERN);
  }

  /// The boundary between a multipart's parts, if it has one that can be looked for.
  Optional<String> boundary() {
    return ParameterScanner.plainValue(parameters, "boundary")
        .map(String::stripTrailing)
        .filter(boundary -> !boundary.isEmpty() && boundary.length() < LineScanner.REACH - 4);
  }

  /// The parameters in seven bits.
  List<Parameter> shown(Charset raw, MimeLimits limits) {
    List<Parameter> shown = new ArrayList<>(parameters.size());
    for (Parameter parameter : parameters) {
      shown.add(ParameterScanner.shown(parameter, raw, limits));
    }
    return shown;
  }
}
