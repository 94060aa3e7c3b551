package org.depozit.storage;

/// Reads message bodies out of segments. Any thread.
final class Bodies implements AutoCloseable {
  private final LogFiles files;

  Bodies(LogFiles files, StoreLimits limits) {
    this.files = files;
  }

  /// The octets of a message; its segment stays open until the content is closed.
  ///
  /// @param place where the body stands
  /// @param prefix the trace headers of the copy; not to be written to
  /// @throws Refused UNAVAILABLE if the segment cannot be opened
  Content content(Change.BodyPlace place, byte[] prefix) {
    throw new IllegalStateException("not yet " + place + prefix.length + files);
  }

  @Override
  public void close() {}
}
