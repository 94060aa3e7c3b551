/// POP3 (RFC 1939): the state diagram of the RFC is the control flow.
@NullMarked
package org.depozit.pop3;

import org.jspecify.annotations.NullMarked;
