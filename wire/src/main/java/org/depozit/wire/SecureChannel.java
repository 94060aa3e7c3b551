package org.depozit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSession;

/// The server's side of TLS over a socket. RFC 8446, and RFC 5246 for 1.2.
///
/// The JDK's own socket for it keeps some 8 KiB of buffers for as long as the connection lasts.
/// Here an [SSLEngine] keeps the keys, and buffers are borrowed while octets are under way: who
/// waits for the peer waits in a read of one octet and holds none, unless a part of a record has
/// come.
///
/// **Threads.** One reads and one writes, which may be two ([Output]). The reader never writes, so
/// that there is no lock around the socket: what TLS itself has to say, an answer to a KeyUpdate
/// for example, goes out in front of the next octets that are written, as RFC 8446 §4.6.3 wants it.
/// So that nobody can make such answers pile up, what asks for them is bounded ([#UNANSWERED]).
///
/// **The end.** The peer's close_notify is the end of the input; so is the end of the socket
/// without it, since each of the protocols tells by itself whether a command is whole.
final class SecureChannel {
  /// Octets of records that bring nothing to read, KeyUpdates for example, while we have nothing to
  /// write. Octets and not records: one of these can ask for three thousand answers.
  private static final int UNANSWERED = 2048;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final InputStream source;
  private final OutputStream sink;

  /// In the handshake, what the socket was told before.
  private Patience patience = () -> {};

  /// What has come from the peer as it came; some of it is decrypted in its place.
  private final Held received = new Held();

  /// What is decrypted, and not yet read.
  private final Held opened = new Held();

  /// Octets of what may not yet be answered: counted by who reads, forgotten by who writes.
  private final AtomicInteger unanswered = new AtomicInteger();

  /// Octets of the record that was decrypted last. The reader's.
  private int record;

  /// How long a read of the socket may wait.
  @FunctionalInterface
  interface Patience {
    /// Sets it, before each.
    void set() throws IOException;
  }

  /// @param engine the server's side, before its handshake
  SecureChannel(SSLEngine engine, Socket socket) throws IOException {
    this.engine = engine;
    this.source = socket.getInputStream();
    this.sink = socket.getOutputStream();
  }

  /// The protocol, the cipher suite. Any thread.
  SSLSession session() {
    return engine.getSession();
  }

  /// Shakes hands. If that fails the peer is told why.
  void handshake() throws IOException {
    try {
      engine.beginHandshake();
      HandshakeStatus next = engine.getHandshakeStatus();
      while (next != HandshakeStatus.NOT_HANDSHAKING && next != HandshakeStatus.FINISHED) {
        step(next);
        next = engine.getHandshakeStatus();
      }
    } catch (IOException e) {
      if (e instanceof SSLException why) {
        tellWhy(why);
      }
      release();
      throw e;
    }
  }

  private void step(HandshakeStatus next) throws IOException {
    switch (next) {
      case NEED_TASK -> work();
      case NEED_WRAP -> sendFlight();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if ((next == HandshakeStatus.NEED_UNWRAP && received.isEmpty() && !receive()) || !open()) {
          throw new EOFException("the peer left inside the handshake");
        }
      }
      case FINISHED, NOT_HANDSHAKING -> throw new IllegalStateException("nothing is to be done");
    }
  }

  private void work() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /// Sends the messages of the handshake that are due, in one piece.
  private void sendFlight() throws IOException {
    ByteArrayOutputStream flight = new ByteArrayOutputStream();
    do {
      if (sealed(NOTHING, flight).getStatus() != Status.OK) {
        throw new SSLException("closed inside the handshake");
      }
    } while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    flight.writeTo(sink);
  }

  private void tellWhy(SSLException why) {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
          && sealed(NOTHING, sink).bytesProduced() > 0) {}
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /// What the peer sends, decrypted. When patience is over what came of a record is kept.
  ///
  /// @param itsPatience asked before each read of the socket, so that a record which drips takes no
  ///   longer than a line that does
  InputStream input(Patience itsPatience) {
    patience = itsPatience;
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return awaitOpened() ? opened.next() : -1;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return awaitOpened() ? opened.take(into, from, length) : -1;
      }

      @Override
      public int available() {
        return opened.length();
      }
    };
  }

  /// What the peer is sent, before it is encrypted; nothing is held back.
  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] octets, int from, int length) throws IOException {
        send(ByteBuffer.wrap(octets, from, length));
      }
    };
  }

  private void send(ByteBuffer octets) throws IOException {
    unanswered.set(0);
    boolean more = octets.hasRemaining();
    while (more) {
      SSLEngineResult result = sealed(octets, sink);
      if (result.getStatus() != Status.OK) {
        throw new SSLException("closed by the peer");
      }
      if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        // Who reads is about to refuse it; nothing can be sent meanwhile.
        throw new SSLProtocolException("a handshake inside the connection");
      }
      more = octets.hasRemaining() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }
  }

  /// Tells the peer that nothing more will come: close_notify, RFC 8446 §6.1.
  void endOutput() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && sealed(NOTHING, sink).bytesProduced() > 0) {}
  }

  /// Makes a record, or several of a long stretch, and hands them on in one piece.
  private SSLEngineResult sealed(ByteBuffer octets, OutputStream to) throws IOException {
    byte[] records =
        octets.remaining() > Buffers.SIZE ? Buffers.borrowRecords() : Buffers.borrowRecord();
    try {
      ByteBuffer into = ByteBuffer.wrap(records);
      SSLEngineResult result = engine.wrap(octets, into);
      while (result.getStatus() == Status.OK
          && octets.hasRemaining()
          && into.remaining() >= Buffers.RECORD) {
        result = engine.wrap(octets, into);
      }
      to.write(records, 0, into.position());
      return result;
    } finally {
      Buffers.giveBack(records, records.length);
    }
  }

  /// Waits for octets; false at the end.
  private boolean awaitOpened() throws IOException {
    while (opened.isEmpty()) {
      if ((received.isEmpty() && !receive()) || !open()) {
        return false;
      }
      attend();
    }
    return true;
  }

  /// Decrypts a record, waiting for the rest of it; false at the end.
  private boolean open() throws IOException {
    while (true) {
      SSLEngineResult result = unwrapped();
      switch (result.getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          return false;
        }
        case BUFFER_UNDERFLOW -> {
          if (!receive()) {
            return false;
          }
        }
        case BUFFER_OVERFLOW -> throw tooLarge();
      }
    }
  }

  private SSLEngineResult unwrapped() throws SSLException {
    opened.borrow();
    ByteBuffer from = received.octets();
    ByteBuffer into = opened.room();
    try {
      SSLEngineResult result = engine.unwrap(from, into);
      record = result.bytesConsumed();
      received.drop(record);
      opened.add(result.bytesProduced());
      return result;
    } finally {
      opened.releaseIfEmpty();
    }
  }

  /// Looks at what a record may have asked of TLS itself.
  private void attend() throws SSLException {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      // TLS 1.2 from the start; the engine refuses, and says so when it is next asked.
      work();
      engine.unwrap(NOTHING, NOTHING);
      throw new SSLProtocolException("a handshake inside the connection");
    }
    if (opened.isEmpty() && unanswered.addAndGet(record) > UNANSWERED) {
      throw new SSLProtocolException("too much of TLS itself, and no answer read");
    }
  }

  /// Takes what the peer has sent, waiting if there is nothing; false at the end.
  private boolean receive() throws IOException {
    if (received.isEmpty()) {
      patience.set();
      int first = source.read();
      if (first < 0) {
        return false;
      }
      received.borrow();
      received.put((byte) first);
    }
    if (received.full()) {
      throw tooLarge();
    }
    patience.set();
    return received.fill(source);
  }

  private static SSLException tooLarge() {
    return new SSLProtocolException("a record larger than any may be");
  }

  /// Gives the buffers back. To be called by the thread that reads.
  void release() {
    received.release();
    opened.release();
  }

  /// Octets in a borrowed buffer, which is given back with the last of them.
  private static final class Held {
    private static final byte[] NONE = new byte[0];

    private byte[] buffer = NONE;
    private int from;
    private int end;

    boolean isEmpty() {
      return from == end;
    }

    int length() {
      return end - from;
    }

    boolean full() {
      return length() == buffer.length;
    }

    void borrow() {
      if (buffer.length == 0) {
        buffer = Buffers.borrowRecord();
      }
    }

    ByteBuffer octets() {
      return ByteBuffer.wrap(buffer, from, length());
    }

    ByteBuffer room() {
      return ByteBuffer.wrap(buffer, end, buffer.length - end);
    }

    void add(int octets) {
      end += octets;
    }

    void put(byte octet) {
      buffer[end++] = octet;
    }

    /// Adds what a stream has, waiting if it has nothing; false at its end.
    boolean fill(InputStream source) throws IOException {
      System.arraycopy(buffer, from, buffer, 0, length());
      end -= from;
      from = 0;
      int more = source.read(buffer, end, buffer.length - end);
      end += Math.max(0, more);
      return more >= 0;
    }

    int next() {
      int octet = buffer[from] & 0xff;
      drop(1);
      return octet;
    }

    int take(byte[] into, int at, int most) {
      int octets = Math.min(most, length());
      System.arraycopy(buffer, from, into, at, octets);
      drop(octets);
      return octets;
    }

    void drop(int octets) {
      from += octets;
      releaseIfEmpty();
    }

    void releaseIfEmpty() {
      if (isEmpty()) {
        release();
      }
    }

    /// The whole of it is wiped: octets may have stood behind those that are there now.
    void release() {
      if (buffer.length > 0) {
        Buffers.giveBack(buffer, buffer.length);
        buffer = NONE;
      }
      from = 0;
      end = 0;
    }
  }
}
