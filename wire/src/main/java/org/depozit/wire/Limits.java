package org.depozit.wire;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// Every bound on what a peer may make a protocol server do, with one documented default each.
///
/// The defaults stand in [#DEFAULTS]; [#with(String, Object)] changes one, and serves configuration
/// and tests alike. A new bound takes a component here, its line of documentation, and its line in
/// `DEFAULTS`. Immutable, so any thread may share it.
///
/// @param connections connections open at once, all protocols together; default 10,000
/// @param connectionsPerAddress connections at once from one IPv4 address or IPv6 /64; default 100
/// @param connectionsPerUser connections at once that are logged in as one user; default 100
/// @param loopbackTrusted whether loopback peers (a local mail server, a webmail) may send
///   passwords in the clear, and are free of the bound per address and of the delays after failed
///   log-ins, which would punish all the users behind them for one; to be false where a proxy on
///   this machine lets strangers in; default true
/// @param backlog connections that the kernel may queue before they are accepted; default 1,024
/// @param tlsHandshakeTime from the first octet awaited to the end of the TLS handshake; default 30
///   s
/// @param logInTime from the greeting to a successful log-in; default 61 s
/// @param writeTime how long one write may wait for a peer that does not read; default 5 min
/// @param closingTime how long sessions may take to end when the server stops; default 7 s
/// @param overlongLine octets of an overlong line that are read and thrown away so that the
///   connection lives on; past them it is closed; default 1 MiB
/// @param commandsBeforeLogIn commands answered before a successful log-in; default 100
/// @param failedLogIns failed log-ins that end a connection; default 5
/// @param badCommands commands without sense that end a connection; default 100
/// @param throttledAddresses addresses whose failed log-ins are remembered; default 50,000
/// @param freeFailures failed log-ins of an address before it is made to wait; default 3
/// @param logInDelay the longest wait before a log-in is looked at; default 15 s
/// @param throttleMemory how long after its last failed log-in an address is forgotten; default 15
///   min
/// @param saslLine octets of a base64 line in a SASL exchange; default 12 KiB (RFC 4954 §4)
/// @param saslIdentity octets of a user name, an authorization identity or a password; RFC 4616 §2
///   asks for 255 at least; default 1,024
/// @param imapLine octets of an IMAP command without its literals; RFC 7162 §4 asks for 8,192 at
///   least; default 64 KiB
/// @param imapLiteralBeforeLogin octets of one IMAP literal before the log-in; default 8 KiB
/// @param imapCommand octets of an IMAP command with its literals, those of APPEND's messages
///   excepted; default 1 MiB
/// @param imapIdleTime silence that ends an IMAP session; RFC 9051 §5.4 asks for 30 min at least,
///   and peers that wake just then want a little more; default 31 min 7 s
/// @param imapHeartbeat how often an idling IMAP session is told that the server still lives;
///   default 2 min
/// @param appendLimit octets of a message given by APPEND; default 50 MiB
/// @param searchDepth nesting of an IMAP search program; default 100
/// @param fetchItems items of one IMAP FETCH, each of which may read the whole message; default 100
/// @param pop3Line octets of a POP3 command; RFC 2449 §4 wants 255; default 512
/// @param pop3IdleTime silence that ends a POP3 session; RFC 1939 §3 asks for 10 min at least;
///   default 10 min 11 s
/// @param lmtpLine octets of an LMTP command; RFC 5321 §4.5.3.1 asks for 512 at least, extensions
///   add to it; default 2,048
/// @param lmtpIdleTime silence that ends an LMTP session; RFC 5321 §4.5.3.2.7 asks for 5 min at
///   least; default 5 min 3 s
/// @param messageLimit octets of a message given by LMTP; default 50 MiB
/// @param recipients recipients of one LMTP transaction; RFC 5321 §4.5.3.1.8 asks for 100 at least;
///   default 1,000
public record Limits(
    int connections,
    int connectionsPerAddress,
    int connectionsPerUser,
    boolean loopbackTrusted,
    int backlog,
    Duration tlsHandshakeTime,
    Duration logInTime,
    Duration writeTime,
    Duration closingTime,
    int overlongLine,
    int commandsBeforeLogIn,
    int failedLogIns,
    int badCommands,
    int throttledAddresses,
    int freeFailures,
    Duration logInDelay,
    Duration throttleMemory,
    int saslLine,
    int saslIdentity,
    int imapLine,
    int imapLiteralBeforeLogin,
    int imapCommand,
    Duration imapIdleTime,
    Duration imapHeartbeat,
    long appendLimit,
    int searchDepth,
    int fetchItems,
    int pop3Line,
    Duration pop3IdleTime,
    int lmtpLine,
    Duration lmtpIdleTime,
    long messageLimit,
    int recipients) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /// The bounds of a server that was told nothing else.
  public static final Limits DEFAULTS =
      new Limits(
          /* connections= */ 10_000,
          /* connectionsPerAddress= */ 100,
          /* connectionsPerUser= */ 100,
          /* loopbackTrusted= */ true,
          /* backlog= */ 1024,
          /* tlsHandshakeTime= */ Duration.ofSeconds(30),
          /* logInTime= */ Duration.ofSeconds(61),
          /* writeTime= */ Duration.ofMinutes(5),
          /* closingTime= */ Duration.ofSeconds(7),
          /* overlongLine= */ MIB,
          /* commandsBeforeLogIn= */ 100,
          /* failedLogIns= */ 5,
          /* badCommands= */ 100,
          /* throttledAddresses= */ 50_000,
          /* freeFailures= */ 3,
          /* logInDelay= */ Duration.ofSeconds(15),
          /* throttleMemory= */ Duration.ofMinutes(15),
          /* saslLine= */ 12 * KIB,
          /* saslIdentity= */ KIB,
          /* imapLine= */ 64 * KIB,
          /* imapLiteralBeforeLogin= */ 8 * KIB,
          /* imapCommand= */ MIB,
          /* imapIdleTime= */ Duration.ofMinutes(31).plusSeconds(7),
          /* imapHeartbeat= */ Duration.ofMinutes(2),
          /* appendLimit= */ 50L * MIB,
          /* searchDepth= */ 100,
          /* fetchItems= */ 100,
          /* pop3Line= */ 512,
          /* pop3IdleTime= */ Duration.ofMinutes(10).plusSeconds(11),
          /* lmtpLine= */ 2 * KIB,
          /* lmtpIdleTime= */ Duration.ofMinutes(5).plusSeconds(3),
          /* messageLimit= */ 50L * MIB,
          /* recipients= */ 1000);

  /// These bounds with one of them changed, for example `with("imapLine", 8192)`.
  ///
  /// @param name a component's name, one of [#names()]
  /// @param value of that component's own type: `Integer`, `Long`, `Boolean` or `Duration`; an
  ///   `Integer` serves for a `long` too
  /// @throws IllegalArgumentException if there is no such bound, or the value is not of its type,
  ///   or below zero
  public Limits with(String name, Object value) {
    RecordComponent[] components = Limits.class.getRecordComponents();
    if (!names().contains(name)) {
      throw new IllegalArgumentException("no limit is called " + name);
    }
    Object[] values =
        Arrays.stream(components)
            .map(one -> one.getName().equals(name) ? suited(one, value) : valueOf(one))
            .toArray();
    return constructed(
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new), values);
  }

  /// The names of all bounds, as [#with(String, Object)] takes them, in the order of declaration.
  public static List<String> names() {
    return Arrays.stream(Limits.class.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /// The type of a bound's value, as a configuration reader needs it.
  ///
  /// @return `int.class`, `long.class`, `boolean.class` or `Duration.class`
  /// @throws IllegalArgumentException if there is no such bound
  public static Class<?> type(String name) {
    return Arrays.stream(Limits.class.getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no limit is called " + name))
        .getType();
  }

  private static Object suited(RecordComponent component, Object value) {
    boolean negative =
        switch (value) {
          case Integer number -> number < 0;
          case Long number -> number < 0;
          case Duration time -> time.isNegative();
          default -> false;
        };
    if (negative) {
      throw new IllegalArgumentException(component.getName() + " cannot be " + value);
    }
    return component.getType() == long.class && value instanceof Integer small
        ? Long.valueOf(small)
        : value;
  }

  private Object valueOf(RecordComponent component) {
    try {
      return component.getAccessor().invoke(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.getName(), e);
    }
  }

  private static Limits constructed(Class<?>[] types, Object[] values) {
    try {
      return Limits.class.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }
}
