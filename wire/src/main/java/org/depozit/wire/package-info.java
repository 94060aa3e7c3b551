/// Sockets, lines, TLS and bounds: what every protocol needs of a connection, and nothing about
/// mail.
///
/// Start reading at [Listener]: it accepts, and gives each [Connection] to a [Service], on a
/// virtual thread that serves it top to bottom. A service reads [Input] and writes [Output]:
///
/// ```java
/// public void serve(Connection connection) throws IOException {
///   connection.idleTimeout(connection.limits().pop3IdleTime());
///   connection.deadline(connection.limits().logInTime());
///   connection.output().line("+OK ready").flush();
///   Optional<byte[]> line = connection.input().line(connection.limits().pop3Line());
///   while (line.isPresent() && answered(line.get())) {
///     connection.flushUnlessPipelined();
///     line = connection.input().line(connection.limits().pop3Line());
///   }
/// }
/// ```
///
/// [Connections] is the server's one list of them all; [Limits] says how much of anything a peer
/// may have; [Sasl] holds the conversations that AUTH and AUTHENTICATE share.
@NullMarked
package org.depozit.wire;

import org.jspecify.annotations.NullMarked;
