package org.depozit.storage;

import org.flywaydb.core.Flyway;

/// The tables: made or brought up to date by the migrations beside this class.
final class Schema {
  private static final String MIGRATIONS = "classpath:org/depozit/storage/migration";

  private Schema() {}

  /// Makes what is missing. On H2 this commits by itself and stands in no log: the caller takes a
  /// checkpoint after it.
  static void migrate(Dialect dialect, String url) {
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(url, "", "")
        .locations(MIGRATIONS)
        .placeholders(dialect.placeholders())
        .failOnMissingLocations(true)
        .load()
        .migrate();
  }
}
