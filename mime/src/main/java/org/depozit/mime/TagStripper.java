package org.depozit.mime;

import java.nio.CharBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Takes the tags out of HTML that comes in slices, so that a search finds what a reader sees.
///
/// Tags inside a line of text vanish, all others are a space; runs of space are one space; comments
/// vanish; the entities that mail has are decoded. It holds nothing but the name of the tag or
/// entity it stands in, however long that one is. For one thread and one text.
final class TagStripper {
  private static final int LONGEST_NAME = 12;

  private static final Set<String> INLINE =
      Set.of(
          "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i",
          "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
          "tt", "u", "var", "wbr", "o:p");

  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("shy", ""),
          Map.entry("zwnj", ""),
          Map.entry("copy", "©"),
          Map.entry("reg", "®"),
          Map.entry("euro", "€"),
          Map.entry("pound", "£"),
          Map.entry("ndash", "–"),
          Map.entry("mdash", "—"),
          Map.entry("lsquo", "‘"),
          Map.entry("rsquo", "’"),
          Map.entry("ldquo", "“"),
          Map.entry("rdquo", "”"),
          Map.entry("bdquo", "„"),
          Map.entry("laquo", "«"),
          Map.entry("raquo", "»"),
          Map.entry("hellip", "…"),
          Map.entry("bull", "•"),
          Map.entry("middot", "·"),
          Map.entry("agrave", "à"),
          Map.entry("aacute", "á"),
          Map.entry("acirc", "â"),
          Map.entry("atilde", "ã"),
          Map.entry("auml", "ä"),
          Map.entry("aring", "å"),
          Map.entry("aelig", "æ"),
          Map.entry("ccedil", "ç"),
          Map.entry("egrave", "è"),
          Map.entry("eacute", "é"),
          Map.entry("ecirc", "ê"),
          Map.entry("euml", "ë"),
          Map.entry("iacute", "í"),
          Map.entry("icirc", "î"),
          Map.entry("iuml", "ï"),
          Map.entry("ntilde", "ñ"),
          Map.entry("oacute", "ó"),
          Map.entry("ocirc", "ô"),
          Map.entry("otilde", "õ"),
          Map.entry("ouml", "ö"),
          Map.entry("oslash", "ø"),
          Map.entry("ugrave", "ù"),
          Map.entry("uacute", "ú"),
          Map.entry("ucirc", "û"),
          Map.entry("uuml", "ü"),
          Map.entry("szlig", "ß"));

  private enum State {
    TEXT,
    TAG_NAME,
    TAG,
    COMMENT,
    ENTITY
  }

  private State state = State.TEXT;
  private final StringBuilder name = new StringBuilder();
  private final StringBuilder out = new StringBuilder();
  private char quote;
  private int dashes;
  private boolean space;

  /// The text in the next slice.
  String stripped(CharBuffer slice) {
    out.setLength(0);
    for (int i = slice.position(); i < slice.limit(); i++) {
      take(slice.get(i));
    }
    return out.toString();
  }

  private void take(char c) {
    switch (state) {
      case TEXT -> text(c);
      case TAG_NAME -> tagName(c);
      case TAG -> tag(c);
      case COMMENT -> comment(c);
      case ENTITY -> entity(c);
    }
  }

  private void text(char c) {
    if (c == '<' || c == '&') {
      name.setLength(0);
      state = c == '<' ? State.TAG_NAME : State.ENTITY;
    } else {
      put(c);
    }
  }

  private void put(char c) {
    boolean isSpace = c <= ' ' || c == '\u00a0';
    if (!isSpace || !space) {
      out.append(isSpace ? ' ' : c);
    }
    space = isSpace;
  }

  private void tagName(char c) {
    boolean opener = name.isEmpty() && (c == '/' || c == '!' || c == '?');
    boolean inComment = c == '-' && name.indexOf("!") == 0;
    boolean inName = opener || inComment || Character.isLetterOrDigit(c) || c == ':';
    if (inName && name.length() < LONGEST_NAME) {
      name.append(c);
      if (name.toString().equals("!--")) {
        state = State.COMMENT;
        dashes = 0;
      }
    } else if (name.isEmpty()) {
      // A < before a space or a digit's sign is a less-than.
      put('<');
      state = State.TEXT;
      text(c);
    } else {
      if (!INLINE.contains(name.toString().replace("/", "").toLowerCase(Locale.ROOT))) {
        put(' ');
      }
      quote = 0;
      state = State.TAG;
      tag(c);
    }
  }

  private void tag(char c) {
    if (quote != 0) {
      quote = c == quote ? 0 : quote;
    } else if (c == '>') {
      state = State.TEXT;
    } else if (c == '"' || c == '\'') {
      quote = c;
    }
  }

  private void comment(char c) {
    if (c == '>' && dashes >= 2) {
      state = State.TEXT;
    }
    dashes = c == '-' ? dashes + 1 : 0;
  }

  private void entity(char c) {
    boolean inName = (c < 0x80 && Character.isLetterOrDigit(c)) || (c == '#' && name.isEmpty());
    if (inName && name.length() < LONGEST_NAME) {
      name.append(c);
      return;
    }
    state = State.TEXT;
    entityText().chars().forEach(unit -> put((char) unit));
    if (c != ';') {
      text(c);
    }
  }

  private String entityText() {
    String text = name.toString();
    if (text.startsWith("#")) {
      return numbered(text.toLowerCase(Locale.ROOT));
    }
    return ENTITIES.getOrDefault(text, '&' + text);
  }

  private static String numbered(String text) {
    try {
      int point =
          text.startsWith("#x")
              ? Integer.parseInt(text.substring(2), 16)
              : Integer.parseInt(text.substring(1));
      return Character.isValidCodePoint(point) ? Character.toString(point) : "";
    } catch (NumberFormatException noNumber) {
      return '&' + text;
    }
  }
}
