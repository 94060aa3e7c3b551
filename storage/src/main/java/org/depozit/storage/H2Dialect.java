package org.depozit.storage;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// H2, embedded: one file in the data directory, behind our own log.
record H2Dialect() implements Dialect {
  /// `async:` since an interrupt in H2's other file systems closes the database for everybody. The
  /// writer alone stores (hence the delay of a day) and nobody closes the database behind our back.
  /// The lock is `depozit.lock`.
  private static final String OPTIONS =
      ";FILE_LOCK=NO;WRITE_DELAY=86400000;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1"
          + ";QUERY_CACHE_SIZE=64;OPTIMIZE_REUSE_RESULTS=0;DEFAULT_LOCK_TIMEOUT=60000";

  @Override
  public String url(Path directory) {
    // A semicolon in the path would start an option.
    String path = directory.toAbsolutePath().resolve("depozit").toString().replace(";", "\\;");
    return "jdbc:h2:async:" + path + OPTIONS + ";CACHE_SIZE=" + cacheKib();
  }

  /// An eighth of the heap for pages.
  private static long cacheKib() {
    return Math.max(8 << 10, Runtime.getRuntime().maxMemory() / 8 / 1024);
  }

  @Override
  public String upsert(String table, List<String> keys, List<String> columns) {
    return "MERGE INTO "
        + table
        + " ("
        + String.join(", ", columns)
        + ") KEY ("
        + String.join(", ", keys)
        + ") VALUES ("
        + String.join(", ", Collections.nCopies(columns.size(), "?"))
        + ")";
  }

  @Override
  public String checkpoint() {
    return "CHECKPOINT SYNC";
  }

  @Override
  public String shutdown() {
    return "SHUTDOWN";
  }

  @Override
  public Map<String, String> placeholders() {
    return Map.of("octets", "VARBINARY(4096)");
  }
}
