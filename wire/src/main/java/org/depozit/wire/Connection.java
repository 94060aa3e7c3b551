package org.depozit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A peer's connection: one socket, one virtual thread at a time.
///
/// **Threads.** Everything belongs to the connection's own thread, the one in [Service#serve] (for
/// a session that waits long, the next one: [#goOn(Service)]), with these exceptions: [#close()]
/// may be called by any thread, at any time, and ends a read, write or wait that another is in; the
/// accessors without side effects may be called by any thread; and [#output()] may be lent to a
/// second thread while the first only reads (see [Output]). Nobody is ever interrupted.
///
/// **The end.** A service returns when its peer has left, been told goodbye, or when a read has
/// timed out. When the server stops, the session's input ends as if the peer had left: the service
/// returns, and the listener writes [Service#farewell()].
///
/// STARTTLS changes the streams inside, and only here: [#input()] and [#output()] stay the same
/// objects.
public final class Connection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final long id;
  private final Endpoint endpoint;
  private final Connections connections;
  private final InetSocketAddress peer;
  private final InetSocketAddress local;
  private final Transport transport;
  private final Input input;
  private final Output output;
  private final Deadlines deadlines = new Deadlines();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Optional<Service> rest = Optional.empty();
  private volatile Optional<String> user = Optional.empty();
  private volatile Optional<Beat> beat = Optional.empty();

  Connection(
      long id, Endpoint endpoint, Connections connections, Socket socket, InetSocketAddress peer)
      throws IOException {
    this.id = id;
    this.endpoint = endpoint;
    this.connections = connections;
    this.peer = peer;
    this.local = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    this.transport = new Transport(socket, this::awaitOctets);
    this.input = new Input(this, transport.input());
    this.output = new Output(this, transport.output());
  }

  /// A number that no other connection of this process has; logs name it.
  public long id() {
    return id;
  }

  /// The protocol of the listener: `imap`, `imaps` …
  public String protocol() {
    return endpoint.protocol();
  }

  /// The bounds that the server was given.
  public Limits limits() {
    return connections.limits();
  }

  /// What the peer sends.
  public Input input() {
    return input;
  }

  /// What the peer is sent.
  public Output output() {
    return output;
  }

  /// The peer's address and port.
  public InetSocketAddress peer() {
    return peer;
  }

  /// The address and port that the peer has connected to.
  public InetSocketAddress local() {
    return local;
  }

  /// Whether TLS is spoken.
  public boolean secure() {
    return transport.secure();
  }

  /// Whether the peer is on this machine.
  public boolean loopback() {
    return peer.getAddress().isLoopbackAddress();
  }

  /// Whether a password may come over this connection as it is now: inside TLS, from this machine
  /// where its peers are trusted, or where configured.
  public boolean plaintextAllowed() {
    return secure() || trusted() || endpoint.plaintextAllowed();
  }

  /// Whether STARTTLS or STLS is to be offered now.
  public boolean startTlsOffered() {
    return endpoint.tls().isPresent() && !secure();
  }

  /// The TLS session: its protocol and cipher suite, for logs and Received headers.
  public Optional<SSLSession> tlsSession() {
    return transport.tlsSession();
  }

  /// Whether the server is stopping, and this session is to end.
  public boolean closing() {
    return transport.inputEnded();
  }

  /// Answers STARTTLS or STLS and begins TLS (RFC 2595 §4, RFC 3207 §4).
  ///
  /// Whatever the peer has sent behind the command came unprotected, perhaps from someone else
  /// (CVE-2021-33515, CVE-2022-28220): it is thrown away, and the connection ends without an
  /// answer. What comes after the answer is the handshake, or makes it fail. After a failure of any
  /// kind the connection is closed.
  ///
  /// Afterwards the client's state is to be forgotten, as the protocols demand.
  ///
  /// @param goAhead the answer's line, without CRLF
  /// @throws IllegalStateException unless [#startTlsOffered()]
  public void startTls(String goAhead) throws IOException {
    if (!startTlsOffered()) {
      throw new IllegalStateException("TLS is not to be had here, or spoken already");
    }
    int early = input.discard();
    if (early > 0) {
      LOG.warn("{}: {} octets of plaintext behind STARTTLS thrown away", this, early);
      close();
      throw new IOException("plaintext behind STARTTLS");
    }
    output.line(goAhead).flush();
    handshake();
  }

  /// Begins TLS on the connection's own thread; a handshake has [Limits#tlsHandshakeTime()] in all.
  void handshake() throws IOException {
    Duration time = limits().tlsHandshakeTime();
    transport.timeout(time.toMillis());
    deadlines.begin(time);
    try {
      transport.begin(endpoint.tls().orElseThrow());
      input.use(transport.input());
      output.use(transport.output());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    } finally {
      deadlines.end();
    }
  }

  /// Has the rest of the session served on a thread made for it, which begins when the service that
  /// calls this returns; the connection then goes on instead of ending.
  ///
  /// For a session that is going to wait for long: what a thread keeps while it waits is its stack,
  /// in pieces as large as they once had to be, and what the libraries it went through have left
  /// with it. That is more than all the rest of a connection; a new thread has next to nothing.
  public void goOn(Service withIt) {
    rest = Optional.of(withIt);
  }

  /// What [#goOn(Service)] was told; asking forgets it.
  Optional<Service> takeRest() {
    Optional<Service> taken = rest;
    rest = Optional.empty();
    return taken;
  }

  /// Sets how long each read may wait: its [java.net.SocketTimeoutException] is the protocol's to
  /// answer (`* BYE` and return, for example).
  ///
  /// @param time zero or less to wait for ever
  public void idleTimeout(Duration time) {
    deadlines.idle(time);
  }

  /// Sets a point in time after which every read ends with a [java.net.SocketTimeoutException],
  /// however many octets drip in before: the time to log in.
  public void deadline(Duration fromNow) {
    deadlines.readsEnd(fromNow);
  }

  /// Lifts the deadline.
  public void noDeadline() {
    deadlines.readsDoNotEnd();
  }

  /// Flushes the answers so far unless the peer has pipelined another whole line, whose answer may
  /// then go out with them.
  public void flushUnlessPipelined() throws IOException {
    if (!input.lineBuffered()) {
      output.flush();
    }
  }

  /// Makes a log-in wait that comes from an address with many failures behind it. To be called
  /// before the credentials are verified; waits on this connection alone.
  ///
  /// @throws IOException if the connection is closed meanwhile
  public void awaitLogIn() throws IOException {
    if (!trusted()) {
      pause(connections.throttle().delay(peer.getAddress()));
    }
  }

  /// Remembers a failed log-in against the peer's address.
  public void logInFailed(Credentials credentials) {
    if (!trusted()) {
      connections.throttle().failed(peer.getAddress(), credentials);
    }
  }

  /// Counts this connection as the user's from here to its end, and lifts the deadline.
  ///
  /// @return false if the user has [Limits#connectionsPerUser()] already: then refuse the log-in
  public boolean logIn(String name) {
    if (!connections.enter(name)) {
      return false;
    }
    logOut();
    user = Optional.of(name);
    noDeadline();
    return true;
  }

  /// Takes back [#logIn(String)] (IMAP's UNAUTHENTICATE); the connection's end does it too.
  public void logOut() {
    user.ifPresent(connections::leave);
    user = Optional.empty();
  }

  /// The user that is logged in, for logs and lists of sessions.
  public Optional<String> user() {
    return user;
  }

  /// Waits, unless the connection is closed meanwhile.
  ///
  /// @throws IOException if it is
  public void pause(Duration time) throws IOException {
    if (Waiting.until(closed, time)) {
      throw new SocketException("closed");
    }
  }

  /// Whether [#close()] has been called.
  public boolean closed() {
    return closed.getCount() == 0;
  }

  /// Closes the socket at once, without flushing; a read, write or wait under way ends with an
  /// exception. Any thread, any number of times. A service that has said goodbye just returns
  /// instead.
  @Override
  public void close() {
    closed.countDown();
    try {
      transport.close();
    } catch (IOException e) {
      LOG.debug("{}: not closed cleanly", this, e);
    }
  }

  /// The protocol, the number and the peer: `imap-17 127.0.0.1:50514`.
  @Override
  public String toString() {
    return endpoint.protocol() + "-" + id + " " + HostPort.text(peer);
  }

  /// Ends the session's input from another thread, so that it returns by itself.
  void endInput() {
    try {
      transport.endInput();
    } catch (IOException e) {
      LOG.debug("{}: closed already", this, e);
    }
  }

  /// Has something done again and again by the watch over all connections, within half a second of
  /// its time, until [#noBeat()]. What is done must return at once, and throw nothing; it may still
  /// be under way shortly after.
  public void beat(Duration every, Runnable then) {
    beat = Optional.of(new Beat(every, then));
  }

  /// Ends [#beat(Duration, Runnable)].
  public void noBeat() {
    beat = Optional.empty();
  }

  /// Closes the socket under a write or handshake that takes too long, and does what is to be done
  /// at regular times.
  void watch(long now) {
    beat.ifPresent(each -> each.watch(now));
    if (deadlines.overdue(now)) {
      LOG.info("{}: gave up a peer that holds up a write or a handshake", this);
      close();
    }
  }

  /// Tells that a write begins or has ended.
  void writing(boolean begins) {
    if (begins) {
      deadlines.begin(limits().writeTime());
    } else {
      deadlines.end();
    }
  }

  /// Sets the time-out of the read that follows.
  void awaitOctets() throws IOException {
    transport.timeout(deadlines.nextRead());
  }

  /// Ends the connection on its own thread: the farewell if one is due, what is still to be sent,
  /// the end of our side, and a little patience for the peer's.
  void finish(Optional<String> farewell) {
    try {
      if (!closed()) {
        if (closing() && input.ended() && farewell.isPresent()) {
          output.line(farewell.get());
        }
        output.flush();
        deadlines.begin(LINGER.multipliedBy(2));
        transport.endOutput();
        if (!input.ended()) {
          transport.linger(LINGER, limits().overlongLine());
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: gone before the end", this, e);
    } finally {
      close();
      input.release();
      transport.release();
      output.release();
      logOut();
    }
  }

  private boolean trusted() {
    return loopback() && limits().loopbackTrusted();
  }
}
