/// The one store of accounts, mailboxes and messages: what a protocol asks, and the relational
/// store that answers. Knows no protocol.
@NullMarked
package org.depozit.storage;

import org.jspecify.annotations.NullMarked;
