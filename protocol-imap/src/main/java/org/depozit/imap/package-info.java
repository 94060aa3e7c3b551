/// IMAP4rev1 (RFC 3501, RFC 9051): the connection and its command loop; start reading at the
/// connection.
@NullMarked
package org.depozit.imap;

import org.jspecify.annotations.NullMarked;
