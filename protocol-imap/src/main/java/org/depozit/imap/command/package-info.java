/// IMAP commands, one file each, the table of them, and the small languages that belong to a
/// command.
@NullMarked
package org.depozit.imap.command;

import org.jspecify.annotations.NullMarked;
