package org.depozit.lmtp;

/// What an administrator may choose about LMTP. Bounds are not here but in
/// [org.depozit.wire.Limits].
///
/// @param hostName the name of this server in the greeting and in Received headers: letters,
///   digits, `.` and `-`
public record LmtpSettings(String hostName) {
  /// The settings of a server that was told nothing.
  public static final LmtpSettings DEFAULTS = new LmtpSettings("localhost");

  /// Refuses a name that would not do in a header.
  public LmtpSettings {
    if (!hostName.matches("[A-Za-z0-9.-]{1,255}")) {
      throw new IllegalArgumentException("not a host name: letters, digits, '.' and '-' only");
    }
  }
}
