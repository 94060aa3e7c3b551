/// The grammar of IMAP (RFC 9051 §9): arguments read as ABNF rules, mailbox names, dates.
@NullMarked
package org.depozit.imap.syntax;

import org.jspecify.annotations.NullMarked;
