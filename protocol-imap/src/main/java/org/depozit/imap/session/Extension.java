package org.depozit.imap.session;

/// What changes the form of answers once a client has asked for it, by ENABLE (RFC 5161) or by
/// using it. The names are those that ENABLE takes.
public enum Extension {
  /// Mod-sequences in every untagged FETCH. RFC 7162 §3.1.
  CONDSTORE
}
