package org.depozit.mime;

import java.time.Instant;
import java.time.LocalDate;

/// A message's Date field.
///
/// @param day the day as written, time and zone disregarded: what SENTBEFORE, SENTON and SENTSINCE
///   compare
/// @param instant the moment it names; a missing or unknown zone is UTC
public record SentDate(LocalDate day, Instant instant) {}
