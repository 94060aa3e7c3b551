/// The program: command line, configuration, wiring, listeners. Names every module and is named by
/// none.
@NullMarked
package org.depozit.server;

import org.jspecify.annotations.NullMarked;
