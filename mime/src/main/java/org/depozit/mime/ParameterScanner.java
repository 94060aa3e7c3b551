package org.depozit.mime;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads `value; name=value; name="value"` (RFC 2045 §5.1) with the continuations of RFC 2231,
/// whatever is wrong with it: spaces and raw eight bits in values, quotes without an end. Works on
/// octet texts. For one thread and one field.
final class ParameterScanner {
  private static final int LONGEST_NAME = 127;

  private final String text;
  private final MimeLimits limits;
  private int at;

  ParameterScanner(String text, MimeLimits limits) {
    this.text =
        text.length() <= limits.textOctets() ? text : text.substring(0, limits.textOctets());
    this.limits = limits;
  }

  /// What stands before the first semicolon, without comments.
  String main() {
    int to = text.indexOf(';', at);
    String plain = text.substring(at, to < 0 ? text.length() : to);
    if (plain.indexOf('(') < 0) {
      at += plain.length();
      return plain.strip();
    }
    StringBuilder main = new StringBuilder();
    while (at < text.length() && text.charAt(at) != ';') {
      if (text.charAt(at) == '(') {
        comment();
      } else {
        main.append(text.charAt(at++));
      }
    }
    return main.toString().strip();
  }

  /// The parameters that follow, continuations joined.
  List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    while (at < text.length() && parameters.size() < limits.parameters()) {
      skipSpace();
      int nameFrom = at;
      while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
        at++;
      }
      String name = text.substring(nameFrom, at).strip();
      if (at < text.length() && text.charAt(at) == '=') {
        at++;
        String value = value();
        if (isName(name)) {
          parameters.add(new Parameter(name, value));
        }
      }
      at++;
    }
    return joined(parameters);
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && isVisible(name)
        && name.indexOf('"') < 0
        && name.indexOf('\\') < 0;
  }

  private static boolean isVisible(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) <= ' ' || name.charAt(i) >= 0x7F) {
        return false;
      }
    }
    return true;
  }

  private void skipSpace() {
    while (at < text.length()
        && (text.charAt(at) <= ' ' || text.charAt(at) == ';' || text.charAt(at) == '(')) {
      if (text.charAt(at) == '(') {
        comment();
      } else {
        at++;
      }
    }
  }

  private void comment() {
    int depth = 0;
    do {
      char c = text.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      }
    } while (depth > 0 && at < text.length());
    at = Math.min(at, text.length());
  }

  private String value() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : bare();
    int semicolon = text.indexOf(';', at);
    at = semicolon < 0 ? text.length() : semicolon;
    return value;
  }

  private String quoted() {
    int close = text.indexOf('"', at + 1);
    if (close >= 0 && text.indexOf('\\', at + 1, close) < 0) {
      String plain = text.substring(at + 1, close);
      at = close + 1;
      return plain;
    }
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at));
    }
    at = Math.min(at + 1, text.length());
    return value.toString();
  }

  /// A value without quotes goes up to the semicolon, spaces in it included: `name=the offer.pdf`
  /// is common. A comment after it is not of it.
  private String bare() {
    int to = text.indexOf(';', at);
    String value = text.substring(at, to < 0 ? text.length() : to);
    int comment = value.indexOf(" (");
    return (comment < 0 || !value.strip().endsWith(")") ? value : value.substring(0, comment))
        .strip();
  }

  /// A piece of a continued parameter: `filename*2*` is piece 2 of `filename`, encoded.
  private record Piece(String base, int number, boolean encoded, String value) {}

  private static Optional<Piece> piece(Parameter parameter) {
    String name = parameter.name();
    int star = name.indexOf('*');
    boolean encoded = star >= 0 && name.endsWith("*");
    int numberTo = encoded ? name.length() - 1 : name.length();
    if (star < 0 || numberTo <= star + 1 || numberTo > star + 6) {
      return Optional.empty();
    }
    int number = 0;
    for (int i = star + 1; i < numberTo; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return Optional.empty();
      }
      number = number * 10 + name.charAt(i) - '0';
    }
    return Optional.of(new Piece(name.substring(0, star), number, encoded, parameter.value()));
  }

  /// Joins continuations where their first piece stands: `name*0*=…; name*1=…` (RFC 2231 §3).
  /// Pieces after a gap are dropped; of two with one number the first stays.
  private static List<Parameter> joined(List<Parameter> parameters) {
    if (!hasStar(parameters)) {
      return parameters;
    }
    Map<String, SortedMap<Integer, Piece>> continued = new HashMap<>();
    for (Parameter parameter : parameters) {
      piece(parameter)
          .ifPresent(piece -> piecesOf(piece, continued).putIfAbsent(piece.number(), piece));
    }
    if (continued.isEmpty()) {
      return parameters;
    }
    List<Parameter> joined = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Optional<Piece> piece = piece(parameter);
      if (piece.isEmpty()) {
        joined.add(parameter);
      } else {
        SortedMap<Integer, Piece> pieces = piecesOf(piece.get(), continued);
        whole(pieces).ifPresent(joined::add);
        pieces.clear();
      }
    }
    return joined;
  }

  private static boolean hasStar(List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      if (parameter.name().indexOf('*') >= 0) {
        return true;
      }
    }
    return false;
  }

  private static SortedMap<Integer, Piece> piecesOf(
      Piece piece, Map<String, SortedMap<Integer, Piece>> continued) {
    return continued.computeIfAbsent(piece.base().toLowerCase(Locale.ROOT), _ -> new TreeMap<>());
  }

  private static Optional<Parameter> whole(SortedMap<Integer, Piece> pieces) {
    List<Piece> used = new ArrayList<>();
    for (Piece piece : pieces.values()) {
      if (piece.number() != used.size()) {
        break;
      }
      used.add(piece);
    }
    if (used.isEmpty()) {
      return Optional.empty();
    }
    boolean encoded = used.stream().anyMatch(Piece::encoded);
    StringBuilder value = new StringBuilder(encoded && !used.getFirst().encoded() ? "''" : "");
    for (Piece piece : used) {
      value.append(encoded && !piece.encoded() ? percentEncoded(piece.value()) : piece.value());
    }
    String base = used.getFirst().base();
    return Optional.of(new Parameter(encoded ? base + "*" : base, value.toString()));
  }

  /// The parameter in seven bits: one with raw eight bits is shown as RFC 2231 would have sent it.
  static Parameter shown(Parameter parameter, Charset raw, MimeLimits limits) {
    String value = parameter.value();
    if (value.length() <= limits.textOctets() && FieldText.isPlain(value)) {
      return parameter;
    }
    if (FieldText.isNarrow(value) || parameter.name().endsWith("*")) {
      return new Parameter(parameter.name(), FieldText.shown(value, raw, limits.textOctets()));
    }
    byte[] utf8 = FieldText.raw(value, raw).getBytes(StandardCharsets.UTF_8);
    String encoded = percentEncoded(new String(utf8, StandardCharsets.ISO_8859_1));
    return new Parameter(parameter.name() + "*", "utf-8''" + encoded);
  }

  /// The decoded text of a parameter: `name*` decoded after RFC 2231, else encoded-words and raw
  /// eight bits.
  static String decoded(Parameter parameter, Charset raw) {
    String value = parameter.value();
    int charsetTo = value.indexOf('\'');
    int languageTo = value.indexOf('\'', charsetTo + 1);
    if (!parameter.name().endsWith("*") || charsetTo < 0 || languageTo < 0) {
      return FieldText.decoded(value, raw);
    }
    byte[] octets = percentDecoded(value.substring(languageTo + 1));
    return Charsets.named(value.substring(0, charsetTo))
        .map(charset -> TextDecoder.decoded(octets, charset))
        .orElseGet(() -> FieldText.raw(octets, raw));
  }

  /// The value of `name`, also where it was sent as `name*`; of two the first.
  static Optional<String> plainValue(List<Parameter> parameters, String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equalsIgnoreCase(name)) {
        return Optional.of(parameter.value());
      }
      if (parameter.name().equalsIgnoreCase(name + "*")) {
        String encoded = parameter.value();
        String data = encoded.substring(encoded.lastIndexOf('\'') + 1);
        return Optional.of(new String(percentDecoded(data), StandardCharsets.ISO_8859_1));
      }
    }
    return Optional.empty();
  }

  private static String percentEncoded(String octetText) {
    StringBuilder out = new StringBuilder(octetText.length() * 3);
    for (int i = 0; i < octetText.length(); i++) {
      char c = octetText.charAt(i);
      boolean plain =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || "-._~".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%')
            .append(Character.forDigit(c >> 4 & 15, 16))
            .append(Character.forDigit(c & 15, 16));
      }
    }
    return out.toString();
  }

  private static byte[] percentDecoded(String octetText) {
    byte[] out = new byte[octetText.length()];
    int size = 0;
    for (int i = 0; i < octetText.length(); i++) {
      char c = octetText.charAt(i);
      int high =
          i + 2 < octetText.length() && c == '%'
              ? Character.digit(octetText.charAt(i + 1), 16)
              : -1;
      int low = high >= 0 ? Character.digit(octetText.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        out[size++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[size++] = (byte) c;
      }
    }
    return Arrays.copyOf(out, size);
  }
}
