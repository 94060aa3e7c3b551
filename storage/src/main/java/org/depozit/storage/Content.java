package org.depozit.storage;

import org.depozit.mime.Octets;

/// The octets of one message as they are served: its own trace headers, then the shared content.
/// Positions count from the first octet of the trace headers. Open until closed, also when the
/// message is expunged meanwhile; any number of threads may read. RFC 9051 §2.2.2 (a message is the
/// same octets for ever). Reading is [Refused] as UNAVAILABLE where the disk fails.
public interface Content extends Octets, AutoCloseable {
  /// Octets of the trace headers in front (Return-Path, Delivered-To, Received); add it to a range
  /// of the [org.depozit.mime.BodyStructure].
  int prefixLength();

  /// The shared content without the trace headers: what the ranges of the body structure speak of.
  Octets body();

  @Override
  void close();
}
