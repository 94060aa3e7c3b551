package org.depozit.mime;

/// Every bound of reading mail. What exceeds one is stored, served and counted all the same; only
/// the view of it ends there.
///
/// @param headerOctets octets of one header block that are read for fields; the rest is served raw
///   (1 MiB)
/// @param allHeaderOctets octets of all header blocks of a message together that are read for
///   fields (8 MiB)
/// @param parts parts of a message; what follows is the content of the last one, an
///   `application/octet-stream` (10,000)
/// @param depth how deep multiparts and message/rfc822 may stand in each other; a deeper one is
///   shown as `application/octet-stream` (100)
/// @param addresses addresses of one address field that an envelope shows (5,000)
/// @param addressOctets octets of one address field that an envelope shows (262,144)
/// @param textOctets octets of one other header field that an envelope or a body structure shows
///   (16,384)
/// @param parameters parameters of one Content-Type or Content-Disposition (200)
/// @param pickedRuns runs of neighbouring fields that a selection of header fields picks (65,536)
/// @param references message-ids that are read from References and In-Reply-To (1,000)
public record MimeLimits(
    int headerOctets,
    int allHeaderOctets,
    int parts,
    int depth,
    int addresses,
    int addressOctets,
    int textOctets,
    int parameters,
    int references,
    int pickedRuns) {

  /// The documented defaults.
  public static final MimeLimits STANDARD =
      new MimeLimits(1 << 20, 8 << 20, 10_000, 100, 5_000, 1 << 18, 1 << 14, 200, 1_000, 1 << 16);

  /// Refuses bounds that leave nothing.
  public MimeLimits {
    if (headerOctets < 1 || allHeaderOctets < headerOctets || parts < 1 || depth < 1) {
      throw new IllegalArgumentException(
          "bounds must be positive, and all headers at least one header");
    }
    if (addresses < 1
        || addressOctets < 1
        || textOctets < 1
        || parameters < 1
        || references < 1
        || pickedRuns < 1) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
