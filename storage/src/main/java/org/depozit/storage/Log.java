package org.depozit.storage;

/// The log: the truth of the last minutes. The writer's thread only, except [#forced].
final class Log implements AutoCloseable {
  private final Group group = new Group();

  /// The group that is being built.
  Group group() {
    return group;
  }

  /// The position up to which all is on the disk. Any thread.
  long forced() {
    return 0;
  }

  @Override
  public void close() {}
}
