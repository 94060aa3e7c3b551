package org.depozit.mime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What every kind of body part has: its media type, its header's account of it, and where it
/// stands in the content.
///
/// All texts are in seven bits, under [Envelope]'s rule.
///
/// @param type the media type as sent; `text` where there was none that could be read
/// @param subtype the subtype as sent
/// @param parameters the media type's parameters in their order
/// @param id Content-ID
/// @param description Content-Description
/// @param encoding Content-Transfer-Encoding as sent; `7bit` where there was none
/// @param md5 Content-MD5
/// @param disposition Content-Disposition
/// @param language the tags of Content-Language
/// @param location Content-Location
/// @param headerFrom where its header starts in the content
/// @param bodyFrom where its header, blank line included, ends and its body starts
/// @param bodyTo where its body ends; the line end before a boundary is the boundary's
public record Part(
    String type,
    String subtype,
    List<Parameter> parameters,
    Optional<String> id,
    Optional<String> description,
    String encoding,
    Optional<String> md5,
    Optional<Disposition> disposition,
    List<String> language,
    Optional<String> location,
    long headerFrom,
    long bodyFrom,
    long bodyTo) {

  /// Copies the lists and refuses places that run backwards.
  public Part {
    parameters = List.copyOf(parameters);
    language = List.copyOf(language);
    if (headerFrom < 0 || bodyFrom < headerFrom || bodyTo < bodyFrom) {
      throw new IllegalArgumentException(
          "no part: " + headerFrom + ", " + bodyFrom + ", " + bodyTo);
    }
  }

  /// The octets of the body, still encoded.
  public long octets() {
    return bodyTo - bodyFrom;
  }

  /// Where the header stands, its blank line included.
  public Range header() {
    return new Range(headerFrom, bodyFrom);
  }

  /// Where the body stands.
  public Range body() {
    return new Range(bodyFrom, bodyTo);
  }

  /// Type and subtype in small letters: `text/plain`.
  public String mediaType() {
    return (type + '/' + subtype).toLowerCase(Locale.ROOT);
  }

  /// The value of the first parameter called `name`, in any case of letters.
  public Optional<String> parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equalsIgnoreCase(name)) {
        return Optional.of(parameter.value());
      }
    }
    return Optional.empty();
  }
}
