package org.depozit.mime;

/// A parameter of a Content-Type or Content-Disposition, in seven bits.
///
/// Continuations of RFC 2231 (`name*0*=…; name*1=…`) are joined into one, still encoded: `name*` if
/// any piece was encoded, else `name`. A value that was sent in raw eight bits is shown encoded, as
/// `name*`.
///
/// @param name the attribute as sent, without the number of a continuation
/// @param value the value without its quotes
public record Parameter(String name, String value) {}
