/// Reads a message once and says what it holds: header, envelope, body structure, part ranges,
/// text. Knows no socket.
@NullMarked
package org.depozit.mime;

import org.jspecify.annotations.NullMarked;
