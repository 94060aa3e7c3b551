package org.depozit.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.depozit.storage.SimulatedDisk.Operation;
import org.jspecify.annotations.Nullable;

/// How [java.nio.file.Files] reaches a [SimulatedDisk].
final class DiskProvider extends FileSystemProvider {
  private static final Set<PosixFilePermission> USUAL =
      PosixFilePermissions.fromString("rw-r--r--");

  private final SimulatedDisk disk;

  DiskProvider(SimulatedDisk disk) {
    this.disk = disk;
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    synchronized (disk) {
      boolean write =
          options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
      DiskNode node = write ? opened(path, options, attributes) : disk.node(path);
      DiskChannel channel =
          new DiskChannel(disk, path, node, write, options.contains(StandardOpenOption.APPEND));
      if (write && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.truncate(0);
      }
      return channel;
    }
  }

  private DiskNode opened(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    DiskDirectory parent = disk.parent(path);
    DiskNode there = parent.entries().get(leaf(path));
    boolean fresh = options.contains(StandardOpenOption.CREATE_NEW);
    if (there != null && !fresh) {
      if (there instanceof DiskDirectory
          || !there.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
        throw new AccessDeniedException(path.toString());
      }
      return there;
    }
    if (there != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (!fresh && !options.contains(StandardOpenOption.CREATE)) {
      throw new NoSuchFileException(path.toString());
    }
    mustBeWritable(parent, path);
    disk.told(Operation.MAKE, path, 0, 0);
    disk.take(1);
    DiskFile file = new DiskFile(permissions(USUAL, attributes));
    parent.make(leaf(path), file);
    return file;
  }

  private static void mustBeWritable(DiskDirectory parent, Path path) throws IOException {
    if (!parent.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  private static String leaf(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }

  @SuppressWarnings("unchecked") // posix:permissions is a set of permissions
  private static Set<PosixFilePermission> permissions(
      Set<PosixFilePermission> usual, FileAttribute<?>... attributes) {
    return Arrays.stream(attributes)
        .filter(attribute -> attribute.name().equals("posix:permissions"))
        .map(attribute -> (Set<PosixFilePermission>) attribute.value())
        .findFirst()
        .orElse(usual);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> paths = new ArrayList<>();
    synchronized (disk) {
      if (!(disk.node(directory) instanceof DiskDirectory found)) {
        throw new NotDirectoryException(directory.toString());
      }
      found.entries().keySet().forEach(name -> paths.add(directory.resolve(name)));
    }
    for (Iterator<Path> each = paths.iterator(); each.hasNext(); ) {
      if (!filter.accept(each.next())) {
        each.remove();
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return paths.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    synchronized (disk) {
      DiskDirectory parent = disk.parent(path);
      if (parent.entries().containsKey(leaf(path))) {
        throw new FileAlreadyExistsException(path.toString());
      }
      mustBeWritable(parent, path);
      disk.told(Operation.MAKE, path, 0, 0);
      disk.take(1);
      parent.make(leaf(path), new DiskDirectory(permissions(SimulatedDisk.OWNER, attributes)));
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    synchronized (disk) {
      DiskNode node = disk.node(path);
      if (node instanceof DiskDirectory directory && !directory.entries().isEmpty()) {
        throw new DirectoryNotEmptyException(path.toString());
      }
      DiskDirectory parent = disk.parent(path);
      mustBeWritable(parent, path);
      disk.told(Operation.REMOVE, path, 0, 0);
      parent.remove(leaf(path));
      // Room of a file that is still open is given back too early; no test minds.
      disk.give(1 + (node instanceof DiskFile file ? file.content().taken() : 0));
    }
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    synchronized (disk) {
      DiskNode node = disk.node(from);
      DiskDirectory parent = disk.parent(from);
      DiskDirectory target = disk.parent(to);
      DiskNode over = target.entries().get(leaf(to));
      List<CopyOption> how = List.of(options);
      if (over != null
          && !how.contains(StandardCopyOption.REPLACE_EXISTING)
          && !how.contains(StandardCopyOption.ATOMIC_MOVE)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      mustBeWritable(parent, from);
      disk.told(Operation.RENAME, to, 0, 0);
      mustBeWritable(target, to);
      if (over instanceof DiskDirectory directory && !directory.entries().isEmpty()) {
        throw new DirectoryNotEmptyException(to.toString());
      }
      if (over != node) {
        if (parent == target) {
          parent.rename(leaf(from), leaf(to));
        } else {
          parent.move(leaf(from), target, leaf(to));
        }
        disk.give(over instanceof DiskFile file ? 1 + file.content().taken() : 0);
      }
    }
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    List<CopyOption> how = List.of(options);
    if (how.contains(StandardCopyOption.REPLACE_EXISTING)) {
      Files.deleteIfExists(to);
    }
    Files.write(
        to, Files.readAllBytes(from), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    synchronized (disk) {
      return one.equals(other) || disk.node(one) == disk.node(other);
    }
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw DiskFileSystem.missing();
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    synchronized (disk) {
      DiskNode node = disk.node(path);
      if (List.of(modes).contains(AccessMode.WRITE)
          && !node.permissions().contains(PosixFilePermission.OWNER_WRITE)) {
        throw new AccessDeniedException(path.toString());
      }
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return type == PosixFileAttributeView.class ? type.cast(new Attributes(path)) : null;
  }

  /// What [Files#setPosixFilePermissions] asks.
  private final class Attributes implements PosixFileAttributeView {
    private final Path path;

    Attributes(Path path) {
      this.path = path;
    }

    @Override
    public String name() {
      return "posix";
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
      return DiskProvider.this.readAttributes(path, PosixFileAttributes.class);
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      setAttribute(path, "posix:permissions", permissions);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return readAttributes().owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) {
      throw DiskFileSystem.missing();
    }

    @Override
    public void setGroup(GroupPrincipal group) {
      throw DiskFileSystem.missing();
    }

    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created) {
      throw DiskFileSystem.missing();
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    synchronized (disk) {
      return type.cast(DiskAttributes.of(disk.node(path)));
    }
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    DiskAttributes read = readAttributes(path, DiskAttributes.class);
    return Map.of(
        "size", read.size(), "isDirectory", read.isDirectory(), "permissions", read.permissions());
  }

  @Override
  @SuppressWarnings("unchecked") // posix:permissions is a set of permissions
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    if (!name.equals("posix:permissions")) {
      throw DiskFileSystem.missing();
    }
    synchronized (disk) {
      disk.node(path).mode().change((Set<PosixFilePermission>) value);
    }
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw DiskFileSystem.missing();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw DiskFileSystem.missing();
  }

  @Override
  public Path getPath(URI uri) {
    throw DiskFileSystem.missing();
  }
}
