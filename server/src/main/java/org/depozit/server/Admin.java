package org.depozit.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.depozit.server.Operator.SearchRequest;
import org.depozit.storage.Refused;
import org.depozit.storage.SqlStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The admin socket: a Unix domain socket in the data directory that only its owner may open (mode
/// 0600), through which the command line works on a store that a server has open. One virtual
/// thread a connection, one request each.
final class Admin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Admin.class);
  private static final int BUFFER = 1 << 16;
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  /// What every Unix lets a socket's path have: 104 octets with a NUL on some, 108 on Linux; and
  /// one more while it is made.
  private static final int LONGEST_PATH = 102;

  private final ServerSocketChannel server;
  private final Path socket;
  private final StoreOperator operator;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private Admin(ServerSocketChannel server, Path socket, StoreOperator operator) {
    this.server = server;
    this.socket = socket;
    this.operator = operator;
  }

  /// Where the socket stands.
  static Path socket(Path data) {
    return data.resolve("admin.sock");
  }

  /// Opens the socket; the store's lock on the directory says that no other server has it.
  static Admin open(Path data, SqlStore store) throws IOException {
    Path socket = socket(data);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      bind(server, socket);
    } catch (IOException e) {
      server.close();
      throw new IOException("no admin socket at " + socket + ": " + reason(e, socket), e);
    }
    Admin admin = new Admin(server, socket, new StoreOperator(store, false));
    Thread.ofVirtual().name("admin").start(admin::accept);
    return admin;
  }

  /// Makes the socket in a folder that only its owner may enter, and moves it to its place when its
  /// mode is set: at no moment can another user of the machine connect.
  private static void bind(ServerSocketChannel server, Path socket) throws IOException {
    Path folder = socket.resolveSibling("admin.new");
    Path unborn = folder.resolve("s");
    Files.deleteIfExists(unborn);
    Files.deleteIfExists(folder);
    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mode("rwx------")));
    try {
      server.bind(UnixDomainSocketAddress.of(unborn));
      Files.setPosixFilePermissions(unborn, mode("rw-------"));
      Files.move(unborn, socket, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unborn);
      Files.deleteIfExists(folder);
    }
  }

  private static Set<PosixFilePermission> mode(String text) {
    return PosixFilePermissions.fromString(text);
  }

  /// The system tells of a path that is too long, but not how long it may be.
  private static String reason(IOException e, Path socket) {
    int octets = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    return octets <= LONGEST_PATH
        ? String.valueOf(e.getMessage())
        : "that path has "
            + octets
            + " octets, and a socket's may have "
            + LONGEST_PATH
            + ": give a shorter --data";
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().name("admin-connection").start(() -> serve(channel));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("The admin socket cannot accept: {}", e.toString());
        // Lets others give file descriptors back.
        LockSupport.parkNanos(AFTER_FAILURE.toNanos());
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
      if (in.readUnsignedByte() == AdminCodec.VERSION) {
        answer(in, out);
      } else {
        refuse(out, "this command line is of another version than the server");
      }
      out.flush();
    } catch (IOException e) {
      LOG.debug("An admin connection ended: {}", e.toString());
    } catch (RuntimeException e) {
      LOG.error("An admin connection failed", e);
    } finally {
      open.remove(channel);
    }
  }

  private void answer(DataInputStream in, DataOutputStream out) throws IOException {
    try {
      run(AdminCodec.request(in), in, out);
      AdminCodec.reply(out, AdminCodec.Reply.DONE);
    } catch (Refused | CommandFailed e) {
      refuse(out, String.valueOf(e.getMessage()));
    }
  }

  private void run(AdminCodec.Request request, DataInputStream in, DataOutputStream out)
      throws IOException {
    switch (request) {
      case ADD_USER -> operator.addUser(AdminCodec.text(in), AdminCodec.text(in).toCharArray());
      case ADOPT_USER -> operator.adoptUser(AdminCodec.text(in), AdminCodec.text(in));
      case USERS -> operator.users().forEach(name -> line(out, name));
      case SET_PASSWORD ->
          operator.setPassword(AdminCodec.text(in), AdminCodec.text(in).toCharArray());
      case REMOVE_USER -> operator.removeUser(AdminCodec.text(in));
      case SEARCH -> operator.search(searchRequest(in), line -> line(out, line));
      case INTAKE -> intake(in, out);
      case CHECK -> operator.check(step -> step(out, step), fault -> line(out, fault));
      case BACKUP -> backup(in, out);
      case RESTORE -> restore(in, out);
      case EXPORT -> operator.export(AdminCodec.text(in), new SocketOutlet(out));
      case MAIL, END -> throw new IOException("a message outside of an import");
    }
  }

  /// Sends mail to the asker, slice by slice: a slow one makes the store's reader wait, who holds
  /// no more than one message's segment.
  private record SocketOutlet(DataOutputStream out) implements Outlet {
    @Override
    public void total(long octets) {
      send(AdminCodec.Reply.TOTAL, () -> out.writeLong(octets));
    }

    @Override
    public void mailbox(String name, List<String> keywords) {
      send(
          AdminCodec.Reply.MAILBOX,
          () -> {
            AdminCodec.text(out, name);
            AdminCodec.texts(out, keywords);
          });
    }

    @Override
    public void mail(OutgoingMail mail) {
      send(AdminCodec.Reply.MAIL, () -> AdminCodec.mail(out, mail));
    }

    private void send(AdminCodec.Reply reply, Words words) {
      try {
        AdminCodec.reply(out, reply);
        words.write();
      } catch (IOException e) {
        throw new CommandFailed("the asker went away", e);
      }
    }
  }

  /// What follows a reply's word.
  @FunctionalInterface
  private interface Words {
    void write() throws IOException;
  }

  private static SearchRequest searchRequest(DataInputStream in) throws IOException {
    return new SearchRequest(
        AdminCodec.text(in),
        AdminCodec.text(in),
        AdminCodec.text(in),
        Boolean.parseBoolean(AdminCodec.text(in)));
  }

  private void intake(DataInputStream in, DataOutputStream out) throws IOException {
    Intake intake = operator.intake(AdminCodec.text(in));
    while (AdminCodec.request(in) == AdminCodec.Request.MAIL) {
      intake.take(AdminCodec.mail(in));
    }
    intake.finish();
    AdminCodec.reply(out, AdminCodec.Reply.TAKEN);
    out.writeLong(intake.taken());
    for (String failure : intake.failures()) {
      AdminCodec.reply(out, AdminCodec.Reply.FAILURE);
      AdminCodec.text(out, failure);
    }
  }

  private static void line(DataOutputStream out, String line) {
    try {
      AdminCodec.reply(out, AdminCodec.Reply.LINE);
      AdminCodec.text(out, line);
    } catch (IOException e) {
      throw new CommandFailed("the asker went away", e);
    }
  }

  private void backup(DataInputStream in, DataOutputStream out) throws IOException {
    Path folder = Path.of(AdminCodec.text(in));
    Optional<String> account = AdminCodec.texts(in).stream().findFirst();
    operator.backup(folder, account, step -> step(out, step), line -> line(out, line));
  }

  private void restore(DataInputStream in, DataOutputStream out) throws IOException {
    Path folder = Path.of(AdminCodec.text(in));
    String account = AdminCodec.text(in);
    String as = AdminCodec.text(in);
    operator.restore(folder, account, as, step -> step(out, step), line -> line(out, line));
  }

  private static void step(DataOutputStream out, String step) {
    try {
      AdminCodec.reply(out, AdminCodec.Reply.STEP);
      AdminCodec.text(out, step);
      out.flush();
    } catch (IOException e) {
      throw new CommandFailed("the asker went away", e);
    }
  }

  private static void refuse(DataOutputStream out, String why) throws IOException {
    AdminCodec.reply(out, AdminCodec.Reply.REFUSED);
    AdminCodec.text(out, why);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
    Files.deleteIfExists(socket);
  }
}
