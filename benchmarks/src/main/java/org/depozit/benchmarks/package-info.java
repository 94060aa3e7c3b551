/// Measures the pieces with JMH, and the whole server from outside.
@NullMarked
package org.depozit.benchmarks;

import org.jspecify.annotations.NullMarked;
