/// Sockets, lines, TLS and bounds: what every protocol needs of a connection, and nothing about
// mail.
@NullMarked
package org.depozit.wire;

import org.jspecify.annotations.NullMarked;
