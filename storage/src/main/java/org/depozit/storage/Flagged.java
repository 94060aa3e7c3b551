package org.depozit.storage;

/// What a change of flags did; see [Stored].
record Flagged(UidSet changed, UidSet modified) {}
