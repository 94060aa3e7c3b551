/// LMTP (RFC 2033): takes messages in, one reply for each recipient.
@NullMarked
package org.depozit.lmtp;

import org.jspecify.annotations.NullMarked;
