package org.depozit.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.store.fs.FilePath;

/// How H2 finds the database file of an open [PageJournal], in whatever file system its directory
/// is: `pages:7/depozit.mv.db` is the file of journal 7, `pages:7` its directory. There is no other
/// file: H2 is told to make none (`docs/adr/0007-page-journal.md`), and one that it asks for is not
/// there and cannot be made. Any thread.
final class H2Path extends FilePath {
  /// The name of the database's file.
  static final String FILE = "depozit.mv.db";

  private static final String SCHEME = "pages";
  private static final String DATABASE = "depozit";
  private static final Pattern NAME = Pattern.compile(SCHEME + ":(\\d+)(?:/(.*))?");

  private final int number;
  private final String file;

  private H2Path(String name, int number, String file) {
    this.name = name;
    this.number = number;
    this.file = file;
  }

  /// Makes the scheme known to H2; again does nothing.
  static void register() {
    FilePath.register(new H2Path(SCHEME + ":0", 0, ""));
  }

  /// What H2 calls the database of a journal.
  static String name(int number) {
    return SCHEME + ":" + number + "/" + DATABASE;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public H2Path getPath(String path) {
    Matcher matcher = NAME.matcher(path.replace('\\', '/'));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no name of a database: " + path);
    }
    String file = Optional.ofNullable(matcher.group(2)).orElse("");
    return new H2Path(path, Integer.parseInt(matcher.group(1)), file);
  }

  private Optional<PageJournal> journal() {
    return PageJournal.of(number);
  }

  private boolean database() {
    return file.equals(FILE);
  }

  @Override
  public boolean isDirectory() {
    return file.isEmpty() && journal().isPresent();
  }

  @Override
  public boolean isRegularFile() {
    return database() && journal().isPresent();
  }

  @Override
  public boolean exists() {
    return isDirectory() || isRegularFile();
  }

  @Override
  public long size() {
    return database() ? journal().map(PageJournal::size).orElse(0L) : 0;
  }

  @Override
  public boolean canWrite() {
    return exists();
  }

  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public long lastModified() {
    return 0;
  }

  @Override
  public H2Path getParent() {
    return getPath(SCHEME + ":" + number);
  }

  @Override
  public H2Path toRealPath() {
    return this;
  }

  @Override
  public List<FilePath> newDirectoryStream() {
    return isDirectory() ? List.of(getPath(name + "/" + FILE)) : List.of();
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    if (database()) {
      return new H2Channel(journal().orElseThrow(this::absent));
    }
    throw absent();
  }

  private FileNotFoundException absent() {
    return new FileNotFoundException(name);
  }

  @Override
  public boolean createFile() {
    return false;
  }

  @Override
  public void createDirectory() {
    refuse();
  }

  @Override
  public void delete() {
    if (exists()) {
      refuse();
    }
  }

  @Override
  public void moveTo(FilePath target, boolean replace) {
    refuse();
  }

  @Override
  public boolean setReadOnly() {
    return false;
  }

  @Override
  public FilePath createTempFile(String suffix, boolean inTempDir) throws IOException {
    throw new IOException("H2 makes no temporary files here: " + name + suffix);
  }

  private void refuse() {
    throw new IllegalStateException("not H2's to change: " + name);
  }
}
