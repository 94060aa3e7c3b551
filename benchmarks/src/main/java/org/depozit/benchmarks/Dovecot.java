package org.depozit.benchmarks;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Debian's Dovecot with a plain configuration: mdbox, the shipped sync policy (`mail_fsync =
/// optimized`) and process model; only limits of counts are raised. Run by root it serves mail as
/// `nobody`; run by anybody else, as that user.
final class Dovecot implements Contender {
  private static final String PROGRAM = "/usr/sbin/dovecot";
  private static final long START_SECONDS = 20;
  private static final int FILL_AT_ONCE = 500;

  private final Path folder;
  private final Map<String, String> environment;
  private final Running running = new Running();

  /// @param folder its own, there already
  /// @param environment beside this process's own
  Dovecot(Path folder, Map<String, String> environment) throws IOException {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
    for (Protocol protocol : Protocol.values()) {
      running.listens(protocol, Processes.freePort());
    }
  }

  /// What is missing to run it: names of Debian's packages.
  static List<String> missing() {
    return Map.of(
            PROGRAM,
            "dovecot-core",
            "/usr/lib/dovecot/imap",
            "dovecot-imapd",
            "/usr/lib/dovecot/pop3",
            "dovecot-pop3d",
            "/usr/lib/dovecot/lmtp",
            "dovecot-lmtpd")
        .entrySet()
        .stream()
        .filter(entry -> !Files.isExecutable(Path.of(entry.getKey())))
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }

  @Override
  public Running running() {
    return running;
  }

  @Override
  public String name() {
    return "Dovecot";
  }

  /// Name and version.
  static String told() {
    try {
      return "Dovecot " + Processes.run(List.of(PROGRAM, "--version")).strip();
    } catch (IOException e) {
      return "Dovecot";
    }
  }

  @Override
  public void adopt(Map<String, String> hashes) throws IOException {
    Path mail = Files.createDirectories(folder.resolve("mail"));
    if (root()) {
      Processes.run(List.of("chown", "nobody:nogroup", mail.toString()));
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(
        folder.resolve("users"),
        hashes.entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
    certificate();
    Files.writeString(folder.resolve("dovecot.conf"), configuration());
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private void certificate() throws IOException {
    Processes.run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=localhost",
            "-keyout",
            folder.resolve("key.pem").toString(),
            "-out",
            folder.resolve("cert.pem").toString()));
  }

  private String configuration() {
    String me = System.getProperty("user.name");
    String users =
        root()
            ? "mail_uid = nobody\nmail_gid = nogroup\nfirst_valid_uid = 1\n"
            : "default_internal_user = "
                + me
                + "\ndefault_login_user = "
                + me
                + "\nmail_uid = "
                + me;
    return """
    base_dir = FOLDER/run
    state_dir = FOLDER/state
    log_path = FOLDER/log
    protocols = imap pop3 lmtp
    import_environment = TZ ENVIRONMENT
    listen = 127.0.0.1
    mail_location = mdbox:FOLDER/mail/%n
    auth_username_format = %Ln
    auth_mechanisms = plain login
    disable_plaintext_auth = no
    mail_max_userip_connections = 2000
    # Depozit's POP3 sets no flags by default either.
    pop3_no_flag_updates = yes
    ssl = yes
    ssl_cert = <FOLDER/cert.pem
    ssl_key = <FOLDER/key.pem
    USERS
    passdb {
      driver = passwd-file
      args = scheme=SSHA256 FOLDER/users
    }
    userdb {
      driver = static
      args = home=FOLDER/mail/%n
    }
    namespace inbox {
      inbox = yes
    }
    default_client_limit = 20000
    service anvil {
      client_limit = 20000
      CHROOT
    }
    service auth {
      client_limit = 20000
    }
    service imap-login {
      process_limit = 4000
      CHROOT
      inet_listener imap {
        port = IMAP
      }
      inet_listener imaps {
        port = TLS
      }
    }
    service imap {
      process_limit = 4000
    }
    service pop3-login {
      process_limit = 4000
      CHROOT
      inet_listener pop3 {
        port = POP3
      }
      inet_listener pop3s {
        port = 0
      }
    }
    service lmtp {
      inet_listener lmtp {
        port = LMTP
      }
    }
    service stats {
      client_limit = 20000
    }
    """
        .replace("FOLDER", folder.toString())
        .replace("USERS", users)
        .replace("ENVIRONMENT", environment.isEmpty() ? "" : SlowForce.NAMES)
        .replace("CHROOT", root() ? "" : "chroot =")
        .replace("= IMAP", "= " + address(Protocol.IMAP).getPort())
        .replace("= TLS", "= " + address(Protocol.IMAPS).getPort())
        .replace("= POP3", "= " + address(Protocol.POP3).getPort())
        .replace("= LMTP", "= " + address(Protocol.LMTP).getPort());
  }

  /// By APPEND of several messages at a time (RFC 3502), each such bunch one transaction.
  @Override
  public void fill(String user, Path mbox) throws IOException {
    boolean ran = running.process().isPresent();
    if (!ran) {
      start();
    }
    try (ImapClient client = ImapClient.login(this, user);
        Mails mails = Mails.read(mbox)) {
      Optional<Mails.Mail> mail = mails.next();
      while (mail.isPresent()) {
        String tag = client.beginAppend("INBOX");
        for (int i = 0; i < FILL_AT_ONCE && mail.isPresent(); i++) {
          client.another(mail.get().flags(), mail.get().octets());
          mail = mails.next();
        }
        client.endAppend(tag);
      }
    } finally {
      if (!ran) {
        stop();
      }
    }
  }

  @Override
  public double start() throws IOException {
    long start = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(PROGRAM, "-F", "-c", folder.resolve("dovecot.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("stderr").toFile());
    builder.environment().putAll(environment);
    running.started(builder.start());
    while (!greets()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
        throw new IOException(
            "Dovecot did not start: " + Files.readString(folder.resolve("stderr")));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private boolean greets() {
    try (Socket socket = new Socket()) {
      socket.connect(address(Protocol.IMAP), 1_000);
      socket.setSoTimeout(5_000);
      return socket.getInputStream().read() == '*';
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long liveHeap() {
    return 0;
  }
}
