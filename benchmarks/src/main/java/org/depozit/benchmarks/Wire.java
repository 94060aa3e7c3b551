package org.depozit.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// One connection of the load, as cheap as it can be: answers are not parsed, only their ends are
/// looked for. Used by one thread.
final class Wire implements AutoCloseable {
  private static final int BUFFER = 1 << 18;
  private static final int PATIENCE_MS = 900_000;

  /// The end of an answer is told from so many last octets.
  private static final int TAIL = 4096;

  private static final String END_OF_DOTTED = "\n.\r\n";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer;
  private int length;

  private Wire(Socket socket, int octets) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    this.buffer = new byte[octets];
  }

  /// A connection that expects much.
  static Wire open(InetSocketAddress address) throws IOException {
    return open(address, BUFFER);
  }

  /// A connection with a buffer of this size: thousands of idle ones want little.
  static Wire open(InetSocketAddress address, int octets) throws IOException {
    Socket socket = new Socket();
    socket.connect(address, 10_000);
    return new Wire(socket, octets);
  }

  /// A connection that begins with TLS; any certificate will do.
  static Wire tls(InetSocketAddress address, int octets) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anyone()}, null);
      return new Wire(
          context.getSocketFactory().createSocket(address.getAddress(), address.getPort()), octets);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  void send(byte[]... pieces) throws IOException {
    if (pieces.length == 1) {
      out.write(pieces[0]);
    } else {
      out.write(Octets.join(pieces));
    }
    out.flush();
  }

  void send(String text) throws IOException {
    send(Octets.of(text));
  }

  /// Reads up to the line that begins so, which has to be the last of what comes.
  ///
  /// @return octets read
  long until(byte[] begin) throws IOException {
    long octets = 0;
    length = 0;
    while (!lastLineBegins(begin)) {
      octets += fill();
    }
    return octets;
  }

  private long fill() throws IOException {
    if (length > TAIL) {
      System.arraycopy(buffer, length - TAIL, buffer, 0, TAIL);
      length = TAIL;
    }
    int read = in.read(buffer, length, buffer.length - length);
    if (read < 0) {
      throw new IOException("the server hung up: " + tail());
    }
    length += read;
    return read;
  }

  private boolean lastLineBegins(byte[] begin) {
    if (length < 2 || buffer[length - 1] != '\n') {
      return false;
    }
    int start = length - 1;
    while (start > 0 && buffer[start - 1] != '\n') {
      start--;
    }
    return length - start >= begin.length
        && Arrays.equals(buffer, start, start + begin.length, begin, 0, begin.length);
  }

  /// Reads one line, which has to be the last of what comes.
  String line() throws IOException {
    length = 0;
    do {
      fill();
    } while (buffer[length - 1] != '\n');
    return tail();
  }

  /// Reads so many lines and nothing behind them.
  void lines(int count) throws IOException {
    int seen = 0;
    while (seen < count) {
      length = 0;
      fill();
      for (int i = 0; i < length; i++) {
        seen += buffer[i] == '\n' ? 1 : 0;
      }
    }
  }

  /// Reads so many POP3 answers that end with a line of one dot. The ends are looked for as text,
  /// which takes many octets at a time: a look at each octet would be a third of a window's time.
  ///
  /// @return octets read
  long dotted(int count) throws IOException {
    long octets = 0;
    int seen = 0;
    length = 0;
    while (seen < count) {
      // An end may lie across two reads; the next search must not find it again.
      int kept = Math.min(length, END_OF_DOTTED.length() - 1);
      System.arraycopy(buffer, length - kept, buffer, 0, kept);
      length = kept;
      octets += fill();
      if (octets == length && buffer[0] == '-') {
        throw new IOException("POP3: " + tail());
      }
      String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
      for (int at = text.indexOf(END_OF_DOTTED); at >= 0; ) {
        seen++;
        at = text.indexOf(END_OF_DOTTED, at + END_OF_DOTTED.length());
      }
    }
    return octets;
  }

  /// Reads so many octets.
  void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      length = 0;
      left -= fill();
    }
  }

  /// The last octets read, as text.
  String tail() {
    int from = Math.max(0, length - TAIL);
    return new String(buffer, from, length - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
