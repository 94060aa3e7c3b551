package org.depozit.storage;

/// Something that [SqlStore#check] found wrong.
///
/// @param place what it is about: a table and key, a file and octet
/// @param what is wrong with it, in one line
public record Fault(String place, String what) {
  @Override
  public String toString() {
    return place + ": " + what;
  }
}
