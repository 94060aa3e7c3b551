package org.depozit.storage;

/// What a search is asked for. RFC 9051 §6.4.4, RFC 4731. MIN, MAX and COUNT alone never bring a
/// list out.
public enum Return {
  MIN,
  MAX,
  ALL,
  COUNT
}
