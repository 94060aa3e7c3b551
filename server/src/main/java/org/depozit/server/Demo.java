package org.depozit.server;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.storage.Store;
import org.depozit.wire.HostPort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `depozit demo`: the main job at once. Makes two users, delivers sample mail, tells how to reach
/// it, and serves.
@Command(
    name = "demo",
    description =
        "Makes users, delivers sample mail, tells how to reach it, and serves until stopped.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class Demo implements Runnable {
  private static final String PASSWORD = "demo";

  @Mixin private ListenOptions listen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where to keep the mail; by default a temporary directory that goes away with the demo.")
  private Optional<Path> data;

  @Override
  public void run() {
    Path directory = data.orElseGet(Demo::temporary);
    Config config = listen.over(Config.usual().listening(freeListeners()));
    Server server = started(config, directory);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, directory), "stop"));
    int messages = fill(server.store());
    tell(System.out, server, messages);
    server.announce(System.out);
    server.awaitClose();
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("depozit-demo-");
    } catch (IOException e) {
      throw new CommandFailed("no temporary directory: " + e.getMessage(), e);
    }
  }

  private Server started(Config config, Path directory) {
    try {
      return Server.start(config, directory);
    } catch (RuntimeException e) {
      leave(directory);
      throw e;
    }
  }

  private void stop(Server server, Path directory) {
    server.close();
    leave(directory);
  }

  private void leave(Path directory) {
    if (data.isEmpty()) {
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    try {
      Files.walkFileTree(directory, new Removal());
    } catch (IOException e) {
      System.err.println("depozit: " + directory + " could not be removed: " + e.getMessage());
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }

  /// The usual ports where they are free, and any other port where another program has them.
  private static List<Listen> freeListeners() {
    return Stream.of(Protocol.values()).map(Protocol::usual).map(Demo::free).toList();
  }

  private static Listen free(Listen usual) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(usual.address().resolve());
      return usual;
    } catch (IOException e) {
      return new Listen(usual.protocol(), new HostPort(usual.address().host(), 0));
    }
  }

  /// Makes the users and their mail, unless the directory has them from an earlier demo.
  private static int fill(Store store) {
    List<ImportedMail> samples = SampleMail.all();
    if (store.account("ana").isEmpty()) {
      store.createAccount("ana", PASSWORD.toCharArray());
      store.createAccount("cristi", PASSWORD.toCharArray());
      SampleMail.deliver(store, samples);
    }
    return samples.size();
  }

  private static void tell(PrintStream out, Server server, int messages) {
    try (var text = Demo.class.getResourceAsStream("demo.txt")) {
      if (text == null) {
        throw new IllegalStateException("demo.txt is not in the jar");
      }
      out.println(
          new String(text.readAllBytes(), StandardCharsets.UTF_8)
              .replace("{messages}", Integer.toString(messages))
              .replace("{imap}", at(server, Protocol.IMAP))
              .replace("{imap-port}", port(server, Protocol.IMAP))
              .replace("{imaps}", at(server, Protocol.IMAPS))
              .replace("{pop3}", at(server, Protocol.POP3))
              .replace("{pop3-port}", port(server, Protocol.POP3))
              .replace("{lmtp}", at(server, Protocol.LMTP)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String at(Server server, Protocol protocol) {
    return server.address(protocol).map(HostPort::text).orElse("(not served)");
  }

  private static String port(Server server, Protocol protocol) {
    return server
        .address(protocol)
        .map(address -> Integer.toString(address.getPort()))
        .orElse("(not served)");
  }
}
