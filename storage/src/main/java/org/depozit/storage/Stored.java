package org.depozit.storage;

/// What STORE did. RFC 9051 §6.4.6, RFC 7162 §3.1.3.
///
/// @param changed the messages whose flags are now other than before
/// @param modified the messages left alone since they changed after UNCHANGEDSINCE
/// @param view the mailbox with the change in it
public record Stored(UidSet changed, UidSet modified, View view) {}
