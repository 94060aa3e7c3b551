/// What an IMAP session believes: its state, its selected mailbox, and how it is told of changes.
@NullMarked
package org.depozit.imap.session;

import org.jspecify.annotations.NullMarked;
