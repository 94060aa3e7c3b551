package org.depozit.mime;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A header block in the heap, cut into its fields.
///
/// Values are *octet texts*: strings whose characters are the octets 0 to 255, unfolded, so that
/// nothing is lost before somebody knows the character set. A line that is neither a field nor the
/// continuation of one (no colon, or a space inside the name, as in an mbox `From ` line) is passed
/// over with its continuations.
final class Header {
  /// The header of nothing.
  static final Header NONE = new Header(new byte[0]);

  /// Where a field starts, where its name ends, where the field ends, and the hash of its name: a
  /// message's header is asked for some forty names, most of which it lacks.
  private static final int PLACES = 4;

  private final byte[] octets;
  private int[] places = new int[32 * PLACES];
  private int count;

  /// The values that were asked for: an address field is read for the envelope and for search.
  private final @Nullable String[] values;

  private Optional<Charset> raw = Optional.empty();

  private Header(byte[] octets) {
    this.octets = octets;
    int at = 0;
    while (at < octets.length && octets[at] != '\n' && !isLineEnd(at)) {
      at = field(at);
    }
    values = new String[count];
  }

  /// Reads the header that stands in `source` at `from`; `length` is bounded by the caller.
  static Header read(Octets source, long from, int length) {
    return length == 0 ? NONE : new Header(source.slice(from, length).bytes());
  }

  private boolean isLineEnd(int at) {
    return octets[at] == '\r' && at + 1 < octets.length && octets[at + 1] == '\n';
  }

  /// Reads one field, its continuation lines included, and returns where the next starts.
  private int field(int from) {
    int to = lineEnd(from);
    while (to < octets.length && isSpace(octets[to])) {
      to = lineEnd(to);
    }
    int nameTo = nameEnd(from, to);
    if (nameTo > from) {
      if (count * PLACES == places.length) {
        places = Arrays.copyOf(places, places.length * 2);
      }
      places[count * PLACES] = from;
      places[count * PLACES + 1] = nameTo;
      places[count * PLACES + 2] = to;
      places[count * PLACES + 3] = hash(octets[from], octets[nameTo - 1], nameTo - from);
      count++;
    }
    return to;
  }

  private int lineEnd(int from) {
    return Math.min(LineEnds.lf(octets, from, octets.length) + 1, octets.length);
  }

  /// Where the name ends, spaces before the colon left out; `from` if this is no field.
  private int nameEnd(int from, int to) {
    int at = from;
    while (at < to && octets[at] > ' ' && octets[at] != ':') {
      at++;
    }
    int colon = at;
    while (colon < to && isSpace(octets[colon])) {
      colon++;
    }
    return colon < to && octets[colon] == ':' ? at : from;
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /// How many fields there are.
  int count() {
    return count;
  }

  /// The name of field `index`.
  String name(int index) {
    int from = places[index * PLACES];
    return new String(octets, from, places[index * PLACES + 1] - from, StandardCharsets.ISO_8859_1);
  }

  /// The value of field `index` as an octet text, unfolded, without spaces around it.
  String value(int index) {
    String known = values[index];
    if (known != null) {
      return known;
    }
    String value = read(index);
    values[index] = value;
    return value;
  }

  private String read(int index) {
    int from = places[index * PLACES + 1];
    while (octets[from] != ':') {
      from++;
    }
    int to = places[index * PLACES + 2];
    return unfolded(from + 1, to);
  }

  private String unfolded(int from, int to) {
    int start = from;
    int stop = to;
    while (stop > start && (octets[stop - 1] <= ' ' && octets[stop - 1] >= 0)) {
      stop--;
    }
    while (start < stop && (octets[start] <= ' ' && octets[start] >= 0)) {
      start++;
    }
    int end = LineEnds.crOrLf(octets, start, stop);
    return end < stop
        ? withoutLineEnds(start, stop, end)
        : new String(octets, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  private String withoutLineEnds(int start, int stop, int firstEnd) {
    byte[] kept = new byte[stop - start];
    int size = 0;
    int from = start;
    for (int end = firstEnd; from < stop; end = LineEnds.crOrLf(octets, from, stop)) {
      System.arraycopy(octets, from, kept, size, end - from);
      size += end - from;
      from = end + 1;
    }
    return new String(kept, 0, size, StandardCharsets.ISO_8859_1);
  }

  /// The value of the first field called `name`.
  Optional<String> first(String name) {
    int index = next(name, 0);
    return index < count ? Optional.of(value(index)) : Optional.empty();
  }

  /// The values of all fields called `name` with `separator` between them; empty if there is no
  /// such field.
  Optional<String> joined(String name, String separator) {
    int index = next(name, 0);
    if (index == count) {
      return Optional.empty();
    }
    String first = value(index);
    index = next(name, index + 1);
    if (index == count) {
      return Optional.of(first);
    }
    StringBuilder all = new StringBuilder(first);
    for (; index < count; index = next(name, index + 1)) {
      String value = value(index);
      if (!value.isEmpty()) {
        all.append(all.isEmpty() ? "" : separator).append(value);
      }
    }
    return Optional.of(all.toString());
  }

  /// The first field from `from` on that is called `name`, in any case of letters; [#count()] if
  /// there is none.
  int next(String name, int from) {
    if (name.isEmpty()) {
      return count;
    }
    int length = name.length();
    int hash = hash((byte) name.charAt(0), (byte) name.charAt(length - 1), length);
    int index = from;
    while (index < count && !(places[index * PLACES + 3] == hash && called(index, name))) {
      index++;
    }
    return index;
  }

  private static int hash(byte first, byte last, int length) {
    return length << 16 | (lower(first) & 0xFF) << 8 | (lower(last) & 0xFF);
  }

  private boolean called(int index, String name) {
    int from = places[index * PLACES];
    if (places[index * PLACES + 1] - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (lower(octets[from + i]) != lower((byte) name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
  }

  /// The decoded text of field `index`.
  String decoded(int index) {
    String value = value(index);
    return FieldText.isDecoded(value) ? value : FieldText.decoded(value, rawCharset());
  }

  /// The character set of raw eight bits in this header that are no UTF-8: that of its
  /// Content-Type, which is read only if there is something to decode, and once.
  Charset rawCharset() {
    if (raw.isEmpty()) {
      raw =
          first("Content-Type")
              .map(value -> MediaType.of(value, MimeLimits.STANDARD).headerCharset())
              .or(() -> Optional.of(Charsets.WESTERN));
    }
    return raw.orElseThrow();
  }
}
