/// Tests of the whole: transcripts, real clients, many sessions at once, and the rules of the
/// house.
@NullMarked
package org.depozit.tests;

import org.jspecify.annotations.NullMarked;
