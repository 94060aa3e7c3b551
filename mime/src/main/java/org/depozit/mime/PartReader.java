package org.depozit.mime;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a [Part] from a header and the place that the scanner found.
final class PartReader {
  private final MimeLimits limits;

  PartReader(MimeLimits limits) {
    this.limits = limits;
  }

  /// The part with the header `header` and the type `type`; a part that lies beyond the bounds has
  /// neither.
  Part part(Header header, MediaType type, long headerFrom, long bodyFrom, long bodyTo) {
    Charset raw = rawCharset(type);
    return new Part(
        type.type(),
        type.subtype(),
        type.shown(raw, limits),
        text(header, "Content-ID", raw),
        text(header, "Content-Description", raw),
        encoding(header),
        text(header, "Content-MD5", raw),
        disposition(header, raw),
        language(header, raw),
        text(header, "Content-Location", raw),
        headerFrom,
        bodyFrom,
        bodyTo);
  }

  private static Charset rawCharset(MediaType type) {
    return type.charset().flatMap(Charsets::named).orElse(Charsets.WESTERN);
  }

  private Optional<String> text(Header header, String name, Charset raw) {
    return header.first(name).map(value -> FieldText.shown(value, raw, limits.textOctets()));
  }

  /// The first word of Content-Transfer-Encoding (RFC 2045 §6.1); `7bit` where there is none.
  private String encoding(Header header) {
    return header
        .first("Content-Transfer-Encoding")
        .map(value -> new ParameterScanner(value, limits).main())
        .map(PartReader::firstWord)
        .filter(word -> !word.isEmpty() && word.length() <= 40)
        .orElse("7bit");
  }

  private static String firstWord(String text) {
    int to = 0;
    while (to < text.length() && text.charAt(to) > ' ' && text.charAt(to) < 0x7F) {
      to++;
    }
    return text.substring(0, to).replace("\"", "");
  }

  private Optional<Disposition> disposition(Header header, Charset raw) {
    Optional<String> value = header.first("Content-Disposition");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    ParameterScanner scanner = new ParameterScanner(value.get(), limits);
    String type = FieldText.shown(scanner.main(), raw, limits.textOctets());
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : scanner.parameters()) {
      parameters.add(ParameterScanner.shown(parameter, raw, limits));
    }
    return type.isEmpty() && parameters.isEmpty()
        ? Optional.empty()
        : Optional.of(new Disposition(type.isEmpty() ? "attachment" : type, parameters));
  }

  /// The tags of Content-Language (RFC 3282): between commas, comments left out.
  private List<String> language(Header header, Charset raw) {
    Optional<String> value = header.first("Content-Language");
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> tags = new ArrayList<>();
    String text = FieldText.shown(new ParameterScanner(value.get(), limits).main(), raw, 1024);
    for (String tag : text.split(",", 100)) {
      if (!tag.isBlank()) {
        tags.add(tag.strip());
      }
    }
    return tags;
  }
}
