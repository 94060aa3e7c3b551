package org.depozit.server;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// What `depozit --version` prints: the version that the jar was built with.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"depozit " + text()};
  }

  /// The version alone; `development` when the classes do not come from a jar.
  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
