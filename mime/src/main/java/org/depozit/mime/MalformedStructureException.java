package org.depozit.mime;

import java.io.Serial;

/// A stored body structure cannot be read: it is damaged or of another version. The content still
/// has it all; parse that again.
public final class MalformedStructureException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedStructureException(String message) {
    super(message);
  }
}
