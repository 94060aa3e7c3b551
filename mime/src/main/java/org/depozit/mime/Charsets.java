package org.depozit.mime;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds the character sets that mail names.
///
/// Many mailers name a small set and send its bigger brother (GB2312 for GB18030, ISO-8859-1 for
/// windows-1252, …); the bigger one is taken, as browsers do. Not covered, since the JDK has none
/// of them: UTF-7, HZ-GB-2312, VISCII, and the private sets of old mainframes' gateways; such text
/// is read as UTF-8 and windows-1252.
final class Charsets {
  /// What raw octets are that are not UTF-8 and of which nothing is known.
  static final Charset WESTERN = Charset.forName("windows-1252");

  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("us-ascii", "UTF-8"),
          Map.entry("ascii", "UTF-8"),
          Map.entry("ansi_x3.4-1968", "UTF-8"),
          Map.entry("utf8", "UTF-8"),
          Map.entry("unicode-1-1-utf-8", "UTF-8"),
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("iso8859-1", "windows-1252"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("latin-1", "windows-1252"),
          Map.entry("l1", "windows-1252"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("iso-8859-11", "x-windows-874"),
          Map.entry("tis-620", "x-windows-874"),
          Map.entry("windows-874", "x-windows-874"),
          Map.entry("iso-8859-8-i", "ISO-8859-8"),
          Map.entry("iso-8859-8-e", "ISO-8859-8"),
          Map.entry("iso-8859-6-i", "ISO-8859-6"),
          Map.entry("iso-8859-6-e", "ISO-8859-6"),
          Map.entry("gb2312", "GB18030"),
          Map.entry("gb_2312-80", "GB18030"),
          Map.entry("gb2312_charset", "GB18030"),
          Map.entry("chinesebig5", "Big5-HKSCS"),
          Map.entry("gbk", "GB18030"),
          Map.entry("cp936", "GB18030"),
          Map.entry("x-gbk", "GB18030"),
          Map.entry("big5", "Big5-HKSCS"),
          Map.entry("cn-big5", "Big5-HKSCS"),
          Map.entry("x-x-big5", "Big5-HKSCS"),
          Map.entry("ks_c_5601", "x-windows-949"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("ks_c_5601-1989", "x-windows-949"),
          Map.entry("ksc5601", "x-windows-949"),
          Map.entry("ksc_5601", "x-windows-949"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("korean", "x-windows-949"),
          Map.entry("shift_jis", "windows-31j"),
          Map.entry("shift-jis", "windows-31j"),
          Map.entry("sjis", "windows-31j"),
          Map.entry("x-sjis", "windows-31j"),
          Map.entry("cp932", "windows-31j"),
          Map.entry("x-mac-roman", "x-MacRoman"),
          Map.entry("macintosh", "x-MacRoman"),
          Map.entry("macroman", "x-MacRoman"),
          Map.entry("x-mac-cyrillic", "x-MacCyrillic"),
          Map.entry("x-mac-ce", "x-MacCentralEurope"),
          Map.entry("koi8-ru", "KOI8-U"),
          Map.entry("unicode", "UTF-16"));

  private Charsets() {}

  /// The set called `name`; empty if there is none such.
  static Optional<Charset> named(String name) {
    String plain = name.strip().replace("\"", "").replace("'", "").toLowerCase(Locale.ROOT);
    if (plain.isEmpty() || plain.length() > 60) {
      return Optional.empty();
    }
    return lookUp(ALIASES.getOrDefault(plain, plain))
        .or(() -> plain.startsWith("cp-") ? lookUp("cp" + plain.substring(3)) : Optional.empty())
        .or(() -> plain.startsWith("windows") ? windows(plain) : Optional.empty());
  }

  private static Optional<Charset> windows(String name) {
    String number = name.replaceAll("[^0-9]", "");
    return number.isEmpty() ? Optional.empty() : lookUp("windows-" + number);
  }

  private static Optional<Charset> lookUp(String name) {
    try {
      return Optional.of(Charset.forName(name));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return Optional.empty();
    }
  }
}
