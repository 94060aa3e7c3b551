package org.depozit.mime;

import java.util.List;

/// A Content-Disposition (RFC 2183).
///
/// @param type `inline`, `attachment`, …, as sent
/// @param parameters its parameters in their order
public record Disposition(String type, List<Parameter> parameters) {

  /// Copies the list.
  public Disposition {
    parameters = List.copyOf(parameters);
  }
}
