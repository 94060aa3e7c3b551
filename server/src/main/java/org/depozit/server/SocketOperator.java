package org.depozit.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The operator that asks a running server through its admin socket: one request a connection.
final class SocketOperator implements Operator {
  private static final int BUFFER = 1 << 16;

  private final SocketChannel channel;
  private final DataInputStream in;
  private final DataOutputStream out;

  private SocketOperator(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
    this.out =
        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
    out.writeByte(AdminCodec.VERSION);
  }

  /// Empty if no server answers: the socket was left by one that was killed.
  static Optional<SocketOperator> connect(Path socket) {
    try {
      return Optional.of(
          new SocketOperator(SocketChannel.open(UnixDomainSocketAddress.of(socket))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void addUser(String name, char[] password) {
    ask(AdminCodec.Request.ADD_USER, SocketOperator::nothing, name, new String(password));
  }

  @Override
  public void adoptUser(String name, String hash) {
    ask(AdminCodec.Request.ADOPT_USER, SocketOperator::nothing, name, hash);
  }

  @Override
  public List<String> users() {
    List<String> users = new ArrayList<>();
    ask(AdminCodec.Request.USERS, users::add);
    return users;
  }

  @Override
  public void setPassword(String name, char[] password) {
    ask(AdminCodec.Request.SET_PASSWORD, SocketOperator::nothing, name, new String(password));
  }

  @Override
  public void removeUser(String name) {
    ask(AdminCodec.Request.REMOVE_USER, SocketOperator::nothing, name);
  }

  @Override
  public void search(SearchRequest request, Consumer<String> line) {
    ask(
        AdminCodec.Request.SEARCH,
        line,
        request.account(),
        request.mailbox(),
        request.program(),
        Boolean.toString(request.explain()));
  }

  private static void nothing(String line) {}

  private void ask(AdminCodec.Request request, Consumer<String> line, String... words) {
    work(
        SocketOperator::nothing,
        line,
        () -> {
          AdminCodec.request(out, request);
          for (String word : words) {
            AdminCodec.text(out, word);
          }
        });
  }

  /// Reads replies to the last one.
  ///
  /// @param step takes what is told of a work that takes long
  /// @return how many messages were taken, by the last TAKEN
  private long replies(Consumer<String> step, Consumer<String> line, Consumer<String> failure)
      throws IOException {
    long taken = 0;
    while (true) {
      switch (AdminCodec.reply(in)) {
        case STEP -> step.accept(AdminCodec.text(in));
        case LINE -> line.accept(AdminCodec.text(in));
        case FAILURE -> failure.accept(AdminCodec.text(in));
        case TAKEN -> taken = in.readLong();
        case DONE -> {
          return taken;
        }
        case REFUSED -> throw new CommandFailed(AdminCodec.text(in));
        case TOTAL, MAILBOX, MAIL -> throw new IOException("mail outside of an export");
      }
    }
  }

  @Override
  public void check(Consumer<String> step, Consumer<String> fault) {
    work(step, fault, () -> AdminCodec.request(out, AdminCodec.Request.CHECK));
  }

  @Override
  public void backup(
      Path folder, Optional<String> account, Consumer<String> step, Consumer<String> line) {
    work(
        step,
        line,
        () -> {
          AdminCodec.request(out, AdminCodec.Request.BACKUP);
          AdminCodec.text(out, folder.toString());
          AdminCodec.texts(out, account.stream().toList());
        });
  }

  @Override
  public void restore(
      Path folder, String account, String as, Consumer<String> step, Consumer<String> line) {
    work(
        step,
        line,
        () -> {
          AdminCodec.request(out, AdminCodec.Request.RESTORE);
          AdminCodec.text(out, folder.toString());
          AdminCodec.text(out, account);
          AdminCodec.text(out, as);
        });
  }

  /// What is asked of the server.
  @FunctionalInterface
  private interface Question {
    void write() throws IOException;
  }

  /// Asks for what takes long.
  private void work(Consumer<String> step, Consumer<String> line, Question question) {
    try {
      question.write();
      out.flush();
      replies(step, line, line);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void export(String account, Outlet outlet) {
    try {
      AdminCodec.request(out, AdminCodec.Request.EXPORT);
      AdminCodec.text(out, account);
      out.flush();
      take(outlet);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private void take(Outlet outlet) throws IOException {
    while (true) {
      switch (AdminCodec.reply(in)) {
        case TOTAL -> outlet.total(in.readLong());
        case MAILBOX -> outlet.mailbox(AdminCodec.text(in), AdminCodec.texts(in));
        case MAIL -> AdminCodec.mail(in, outlet);
        case DONE -> {
          return;
        }
        case REFUSED -> throw new CommandFailed(AdminCodec.text(in));
        case LINE, STEP, FAILURE, TAKEN -> throw new IOException("no answer to an export");
      }
    }
  }

  private static CommandFailed gone(IOException e) {
    String how = e instanceof EOFException ? "its log may say why" : String.valueOf(e.getMessage());
    return new CommandFailed("the server went away: " + how, e);
  }

  @Override
  public Intake intake(String account) {
    try {
      AdminCodec.request(out, AdminCodec.Request.INTAKE);
      AdminCodec.text(out, account);
      return new SocketIntake();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  /// Sends messages; the server answers at the end.
  private final class SocketIntake implements Intake {
    private final List<String> failures = new ArrayList<>();
    private long taken;
    private boolean ended;

    @Override
    public void take(ImportedMail mail) {
      if (mail.octets().length > AdminCodec.LONGEST_MAIL) {
        failures.add(mail.named() + ": The message is too large");
        return;
      }
      try {
        AdminCodec.request(out, AdminCodec.Request.MAIL);
        AdminCodec.mail(out, mail);
      } catch (IOException e) {
        ended = true;
        throw refusal(e);
      }
    }

    /// The server closes early when it refuses; what it said is the better message.
    private CommandFailed refusal(IOException e) {
      try {
        replies(SocketOperator::nothing, SocketOperator::nothing, failures::add);
      } catch (CommandFailed said) {
        return said;
      } catch (IOException unsaid) {
        e.addSuppressed(unsaid);
      }
      return gone(e);
    }

    @Override
    public List<String> failures() {
      return failures;
    }

    @Override
    public long taken() {
      return taken;
    }

    @Override
    public void finish() {
      if (!ended) {
        ended = true;
        try {
          AdminCodec.request(out, AdminCodec.Request.END);
          out.flush();
          taken = replies(SocketOperator::nothing, SocketOperator::nothing, failures::add);
        } catch (IOException e) {
          throw refusal(e);
        }
      }
    }
  }
}
