package org.depozit.imap.syntax;

/// A literal's head, read; its octets are still to come. RFC 9051 §4.3, RFC 7888 §3.
///
/// @param octets how many
/// @param synchronizing whether the peer waits for `+` before it sends them
public record Literal(long octets, boolean synchronizing) {}
